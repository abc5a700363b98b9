import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Checkout } from './checkout.ts'

/** Loads the page and all files it names, again and again until it is stopped. Keeps every answer other than 200. */
function visit(url: string) {
  const wrong: string[] = []
  let visits = 0
  let isOver = false
  const get = async (path: string) => {
    const answer = await fetch(url + path, { headers: { Accept: 'text/html' } })
    if (answer.status !== 200) wrong.push(`${path} is answered ${answer.status}`)
    return answer.text()
  }
  const done = (async () => {
    for (; !isOver; visits++) {
      const page = await get('/')
      await Promise.all(Array.from(page.matchAll(/"(\/_app\/[^"]+)"/g), ([, path]) => get(path!)))
      await sleep(100)
    }
  })().catch((error: unknown) => wrong.push(String(error)))
  const stop = async () => {
    isOver = true
    await done
    return { visits, wrong }
  }
  return { stop }
}

const pageOf = async (url: string) => (await fetch(`${url}/`, { headers: { Accept: 'text/html' } })).text()

describe('starts of one checkout', () => {
  let checkout: Checkout

  beforeAll(async () => {
    checkout = await Checkout.make()
  })
  afterAll(() => checkout?.remove())

  it('build newer sources once, and a server that runs keeps its whole page', async () => {
    const older = await checkout.start('older')
    expect(older.output()).not.toContain('Building')
    const visitor = visit(older.url)
    checkout.change('the newer page')
    const newer = await Promise.all([checkout.start('newer'), checkout.start('newest')])
    const { visits, wrong } = await visitor.stop()
    console.log(`${visits} visits, ${wrong.length} answers other than 200`)
    expect(wrong.slice(0, 5)).toEqual([])
    expect(visits).toBeGreaterThan(5)
    expect(newer.filter((start) => start.output().includes('Building the page'))).toHaveLength(1)
    for (const { url } of newer) expect(await pageOf(url)).toContain('the newer page')
  }, 400_000)
})
