import { expect, it } from 'vitest'
import { good, json, record } from './bad-rows.ts'
import { post, tokenFor } from './reach.ts'

const size = 20 << 20
const patience = 120_000

const inDocker = (log: string) => json({ log, stream: 'stdout' })

/** Lines that fill a body and took seconds once, and whether they are hits. */
const lines: [string, string, boolean][] = [
  ['values that are none', '{"path":"/","status":200,"host":"example.org","date":tru}', false],
  ['bytes written as escapes', `{"path":"/${'\\x22'.repeat(10)}","status":200}`, true],
  ['objects in objects', record({ a: { b: { c: [1, { d: 2 }] } } }), false],
  ['escaped quotes', `{"path":"/${'\\"'.repeat(20_000)}","status":200}`, true],
  ['broken JSON in JSON in JSON', inDocker(inDocker('{"path":"/\\x22","status":tru}')), false]
]

it.each(lines)(
  'a body of 20 MiB of %s is answered, and its good line is kept',
  { timeout: patience },
  async (_, line, isHit) => {
    const times = Math.floor((size - good.length) / (line.length + 1))
    const answer = await post(await tokenFor('large'), `${line}\n`.repeat(times) + good)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ received: times + 1, accepted: isHit ? times + 1 : 1 })
  }
)
