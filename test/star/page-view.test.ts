import { expect, test } from 'vitest'
import { isPage } from '../../src/lib/star/page-view.ts'

test.each([
  '/robots.txt',
  '/llms.txt',
  '/ads.txt',
  '/sitemap.xml',
  '/sitemap_index.xml',
  '/wp-sitemap-posts-post-1.xml',
  '/sitemaps/sitemap-3.xml.gz',
  '/feed',
  '/feed/',
  '/blog/feed/',
  '/blog/rss.xml',
  '/atom.xml',
  '/news.rss',
  '/favicon.ico',
  '/Favicon.ICO',
  '/apple-touch-icon-precomposed.png',
  '/.well-known/security.txt',
  '/.well-known/change-password',
  '/browserconfig.xml',
  '/api/users'
])('%s is no page', (path) => expect(isPage(path)).toBe(false))

test.each([
  '/',
  '/about',
  '/feedback',
  '/rss-reader',
  '/sitemap',
  '/blog/robots.txt',
  '/docs/report.pdf',
  '/a.xml'
])('%s can be a page', (path) => expect(isPage(path)).toBe(true))
