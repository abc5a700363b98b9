/** Change this whenever the rule changes: the working copy stores its result with each hit. */
export const pageViews = 'page views 1'

/** Whether a path can be a page: paths below `/api/` are for programs. */
export const isPage = (path: string): boolean => !path.startsWith('/api/')

/** Whether the server answered with the page. A log without methods counts as GET. */
export const isViewed = (method: string | null, status: number): boolean =>
  (method ?? 'GET') === 'GET' && ((status >= 200 && status < 300) || status === 304)
