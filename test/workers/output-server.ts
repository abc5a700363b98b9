/** How often each address was posted to. */
const posts = new Map<string, number>()
/** What an output takes to answer. */
const pause = 20

/**
 * The network that Workers under test reach. `https://outputs.example/STATUS/NAME` answers a post with this status, and a
 * get with how often it was posted to.
 */
export async function answerOutput(request: Request): Promise<Response> {
  const { host, pathname } = new URL(request.url)
  if (host !== 'outputs.example') return new Response('there is no network', { status: 502 })
  if (request.method === 'GET') return Response.json(posts.get(pathname) ?? 0)
  posts.set(pathname, (posts.get(pathname) ?? 0) + 1)
  await request.text()
  await new Promise((resolve) => setTimeout(resolve, pause))
  return new Response('no', { status: Number(pathname.split('/')[1]) })
}
