import { expect, test } from 'vitest'
import { isAsset } from '#lib/enrich/asset.ts'

test.each(
  (
    '/style.css /app.JS /a/b/chunk.3f2a.mjs /logo.svg /img/x.webp /fonts/a.woff2 /favicon.ico /apple-touch-icon.png ' +
    '/site.webmanifest /engine.wasm /video.mp4 /__data.json /style.css.map /_next/image /cdn-cgi/rum'
  ).split(' ')
)('%s is an asset', (path) => expect(isAsset(path)).toBe(true))

// What the seed took for assets and is none comes first.
test.each(
  (
    '/index.php /index.html /readme.txt /v1.0 /sitemap.xml /robots.txt /old.asp /page.aspx / /about /api/v1.0/items ' +
    '/report.pdf /backup.zip /feed.xml /.env /.js /.git/logo.png /.vscode/sftp.json /css /a.css/ /x.csss /jquery.js.php ' +
    '/a.thumbnail-of-something'
  ).split(' ')
)('%s is none', (path) => expect(isAsset(path)).toBe(false))

test('a hidden standard folder is none either, nor is no path', () => {
  expect(isAsset('/.well-known/security.txt')).toBe(false)
  expect(isAsset(null)).toBe(false)
})
