/** Change this whenever the rule changes: the working copy stores its result with each hit. */
export const pageViews = 'page views 2'

/** What programs read: what crawlers are told, feeds, and what browsers and services look for without being asked. */
const forPrograms: readonly RegExp[] = [
  /^\/api\//,
  /^\/\.well-known\//,
  /^\/(?:robots|humans|security|ads|app-ads|sellers|llms|llms-full)\.(?:txt|json)$/,
  /\/(?:[\w-]*sitemap[\w.-]*)\.(?:xml|txt)(?:\.gz)?$/,
  /\/(?:feed|feeds|rss|atom|feed\.xml|rss\.xml|atom\.xml|index\.xml|feed\.json)\/?$/,
  /\.(?:rss|atom)$/,
  /^\/(?:favicon|apple-touch-icon)[\w.-]*$/,
  /^\/(?:browserconfig|crossdomain|clientaccesspolicy|opensearch)\.xml$/
]

/** Whether a path can be a page, and not something that only programs read. */
export const isPage = (path: string): boolean => {
  const lower = path.toLowerCase()
  return !forPrograms.some((pattern) => pattern.test(lower))
}

/** Whether the server answered with the page. A log without methods counts as GET. */
export const isViewed = (method: string | null, status: number): boolean =>
  (method ?? 'GET') === 'GET' && ((status >= 200 && status < 300) || status === 304)
