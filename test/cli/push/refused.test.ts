import { describe, expect, it, vi } from 'vitest'
import { accept } from '../../../src/lib/accept/accept.ts'
import { countRefusals } from '../../../src/lib/accept/refusals.ts'
import { bodyOf } from '../../../src/lib/push/body.ts'
import { noHeader } from '../../../src/lib/push/cut.ts'
import { findRefused } from '../../../cli/push/refused.ts'

const good = (path: string) =>
  `192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET ${path} HTTP/1.1" 200 512 "-" "curl/8.0"`
const context = { received: 0, token: null }
const count = (body: Uint8Array) => countRefusals(accept(body, context))

describe('refused lines', () => {
  const bad = ['no log at all', 'another "bad" one', '\u0000\u0001']
  const text = Array.from({ length: 200 }, (_, i) => (i % 71 === 3 ? bad[(i - 3) / 71]! : good(`/${i}`)))
  const body = Buffer.from(`${text.join('\n')}\n`)

  it('are found without the Worker where it refuses the same', async () => {
    const ask = vi.fn()
    const found = await findRefused(body, noHeader, { rejected: 3, ask })
    expect(found?.map(String)).toEqual(bad)
    expect(ask).not.toHaveBeenCalled()
  })

  it('are asked of the Worker where a format of the site reads some', async () => {
    const own = (body: Uint8Array) => count(Buffer.from(String(body).replaceAll(bad[1]!, good('/own'))))
    const found = await findRefused(body, noHeader, { rejected: 2, ask: own })
    expect(found?.map(String)).toEqual([bad[0], bad[2]])
  })

  it('are not guessed where lines are no records', async () => {
    const objects = Buffer.from('{\n"a": 1\n}\n{\n"b": 2\n}\n')
    expect(await findRefused(objects, noHeader, { rejected: 2, ask: count })).toBeNull()
  })

  it('of a W3C log are read by its fields', async () => {
    const header = { fields: '#Fields: date time c-ip cs-method cs-uri-stem sc-status\n', date: '' }
    const lines = Buffer.from('2026-01-01 10:00:00 192.0.2.1 GET / 200\n2026-01-01 10:00:00 192.0.2.1 GET\n')
    const found = await findRefused(lines, header, { rejected: 1, ask: count })
    expect(found?.map(String)).toEqual(['2026-01-01 10:00:00 192.0.2.1 GET'])
  })
})

describe('a body with a service', () => {
  it('keeps what each line is, and names the site', () => {
    const lines = [good('/a"b\\x'), `{"ip":"192.0.2.1","path":"/\\t","status":200}`, good('/é')]
    const plain = accept(Buffer.from(lines.join('\n')), context)
    const wrapped = accept(bodyOf(Buffer.from(lines.join('\r\n')), noHeader, 'shop'), context)
    expect([...wrapped.hits.keys()]).toEqual(['shop'])
    expect(wrapped.hits.get('shop')).toEqual(plain.hits.get(null))
  })
})
