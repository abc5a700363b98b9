import { SELF } from 'cloudflare:test'
import { expect, it } from 'vitest'

const visit = (path: string) =>
  SELF.fetch(`http://localhost${path}`, { headers: { Accept: 'text/html' }, redirect: 'manual' })

it.each([
  ['/s/%', '/s/%25'],
  ['/s/100%25%?p=7d&f=%', '/s/100%2525%25?p=7d&f=%'],
  ['/s/%E0%A4', '/s/%25E0%25A4'],
  ['//%', '/%25']
])('a page at %s, which no shell can read, is at %s', async (path, escaped) => {
  const answer = await visit(path)
  expect(answer.status).toBe(302)
  const { pathname, search } = new URL(answer.headers.get('Location') ?? '', 'http://localhost')
  expect(pathname + search).toBe(escaped)
})
