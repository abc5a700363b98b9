/** What a browser fetches to show a page. Documents to read or keep (pdf, zip, txt, xml) are not among them. */
const extensions = new Set(
  (
    'css js mjs map wasm json webmanifest ' +
    'png jpg jpeg gif svg svgz webp avif apng jxl bmp tif tiff ico cur ' +
    'woff woff2 ttf otf eot ' +
    'mp4 m4v webm ogv mov mp3 m4a aac ogg oga opus wav flac m3u8 m4s mpd vtt'
  ).split(' ')
)

const longestExtension = 11

/** Services of a framework or a network that answer with images and scripts under any name. */
const prefixes = ['/_next/image', '/_vercel/', '/_ipx/', '/cdn-cgi/']

/**
 * Whether a path is part of a page rather than a page. Only a known extension counts, so that `/index.php`, `/v1.0`,
 * `/robots.txt` and `/sitemap.xml` do not; nor does anything in a hidden folder, which only a probe asks for.
 */
export function isAsset(path: string | null): boolean {
  if (path === null) return false
  const dot = path.lastIndexOf('.')
  const length = path.length - dot - 1
  if (dot > 0 && length > 0 && length <= longestExtension && path.charCodeAt(dot - 1) !== 47) {
    if (extensions.has(path.slice(dot + 1).toLowerCase())) return !path.includes('/.')
  }
  return prefixes.some((prefix) => path.startsWith(prefix))
}
