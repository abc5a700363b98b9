import { describe, expect, it } from 'vitest'
import { acceptText, only } from './show.ts'

const line = (agent: string, rest = '') =>
  `203.0.113.7 - - [30/Oct/2026:06:10:11 +0000] "GET /a HTTP/1.1" 200 12 "-" "${agent}"${rest}`

describe('an agent whose quotes the server did not escape', () => {
  const agents = ['Foo "bar" baz', '"Foo" bar', 'Foo "bar"', 'Foo "a b" c "d" e', 'Foo "a" "b" c']

  it.each(agents)('is kept whole: %s', (agent) => {
    const hit = only(line(agent))
    expect(hit).toMatchObject({ user_agent: agent })
    expect(hit).not.toHaveProperty('extra')
  })

  it.each(agents.filter((agent) => !agent.startsWith('"') && !agent.endsWith('"')))(
    'leaves what stands behind: %s',
    (agent) => {
      const hit = only(line(agent, ' rt=0.250 "example.org"'))
      expect(hit).toMatchObject({ user_agent: agent, duration: 250 })
    }
  )
})

it.each([
  ['another quoted field', 'curl/8', ' "-"', 'curl/8'],
  ['escaped quotes behind', 'curl/8', ' "a\\"b"', 'curl/8'],
  ['escaped quotes inside', 'Foo \\"bar\\" baz', ' "x"', 'Foo "bar" baz'],
  ['a field that was cut', 'curl/8', ' "203.0.113.9, 10.0', 'curl/8'],
  ['a field that was cut at once', 'curl/8', ' "', 'curl/8'],
  ['two fields, one cut', 'curl/8', ' "x" "203.0', 'curl/8']
])('an agent with %s ends where it did', (_, agent, rest, want) => {
  expect(only(line(agent, rest))).toMatchObject({ user_agent: want })
})

it.each(['" ', 'a" "', '\\" '])('many quotes take time that grows with their number: %s', (unit) => {
  const began = performance.now()
  acceptText(`${line(unit.repeat(60_000 / unit.length))}\n`)
  expect(performance.now() - began).toBeLessThan(1000)
})
