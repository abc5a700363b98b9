import { readdirSync, readFileSync } from 'node:fs'
import { ownFormat } from '#lib/accept/own/own.ts'
import { describe, expect, it } from 'vitest'
import { acceptText, good, hitsOf } from './show.ts'

const fixtures = new URL('fixtures/', import.meta.url)
const read = (name: string) => readFileSync(new URL(name, fixtures), 'utf8')
const logs = readdirSync(fixtures).filter(
  (name) => name.endsWith('.body') && !/^[[{\ufeff]|\0/.test(read(name)) && !name.startsWith('utf-16')
)

/** What shippers put around a line that they do not parse. */
const shippers: [string, (line: string) => object][] = [
  [
    'Filebeat',
    (message) => ({
      '@timestamp': '2026-01-15T10:11:32Z',
      message,
      agent: { type: 'filebeat' },
      host: { name: 'web1' }
    })
  ],
  ['Fluent Bit', (log) => ({ date: 1_768_471_892.5, log })],
  ['Docker', (log) => ({ log: `${log}\n`, stream: 'stdout', time: '2026-01-15T10:11:32.864113722Z' })],
  ['rsyslog', (line) => ({ 'syslog-tag': 'nginx:', hostname: 'web1', msg: ` ${line}`, severity: '6' })],
  [
    'CloudWatch',
    (message) => ({ logGroup: '/nginx', logEvents: [{ id: '1', timestamp: 1_768_471_892_000, message }] })
  ],
  ['Google Cloud', (textPayload) => ({ insertId: 'x', textPayload, timestamp: '2026-01-15T10:11:32Z' })],
  ['Vector', (message) => ({ file: '/var/log/a.log', host: 'web1', message, source_type: 'file' })]
]

describe.each(shippers)('a line that %s sends', (_, wrap) => {
  it.each(logs)('is read as without it: %s', (name) => {
    const lines = read(name)
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
    const bare = hitsOf(acceptText(`${lines.join('\n')}\n`))
    const wrapped = hitsOf(acceptText(`${lines.map((line) => JSON.stringify(wrap(line))).join('\n')}\n`))
    const told = (hits: typeof bare) =>
      hits.map(({ path, status, ip, shape }) => ({ path, status, ip, shape }))
    expect(told(wrapped)).toEqual(told(bare))
  })

  it('is read by a format of the user', () => {
    const formats = [ownFormat('$remote_addr|$request_uri|$status')]
    const [hit] = hitsOf(acceptText(JSON.stringify(wrap('203.0.113.7|/a|404')), { formats }))
    expect(hit).toMatchObject({ shape: 'own', path: '/a', status: 404 })
  })
})

it('a record that Google Cloud sends is read as without it', () => {
  const [hit] = hitsOf(acceptText(JSON.stringify({ insertId: 'x', jsonPayload: JSON.parse(good) as object })))
  expect(hit).toMatchObject({ path: '/good', status: 200 })
})

describe('what is refused inside a wrapper', () => {
  const wrapped = { service: 'shop', timestamp: '2026-01-15T10:11:32Z', message: '{"path":"/a"}' }

  it.each([
    ['JSON', JSON.stringify(wrapped)],
    ['a line', '{"log":"no request\\n","time":"2026-01-15T10:11:32.8Z"}'],
    ['a list', '{"records":[{"value":{"path":"/a"}}]}'],
    ['a wrapper', JSON.stringify({ event: wrapped })]
  ])('goes to quarantine as it was sent: %s', (_, sent) => {
    expect(acceptText(`${sent}\n${good}\n`).refusals).toMatchObject([{ raw: sent }])
  })

  it('goes there without its neighbors', () => {
    const { refusals } = acceptText(`{"logs":[{"path":"/a"},${good}]}`)
    expect(refusals).toMatchObject([{ raw: '{"path":"/a"}' }])
  })

  it('goes there alone if the whole would have to be cut', () => {
    const { refusals } = acceptText(JSON.stringify({ ...wrapped, labels: 'x'.repeat(5_000) }))
    expect(refusals).toMatchObject([{ raw: '{"path":"/a"}' }])
    expect(refusals[0]).not.toHaveProperty('is_cut')
  })
})
