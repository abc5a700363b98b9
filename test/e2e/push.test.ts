import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { needs, shared } from '../needs.ts'
import { serveLogs } from '../cli/push/log-server.ts'
import { askParts } from '../store/native.ts'
import { Stack } from './stack.ts'

const names = [
  'basjes-hackers-access',
  'elastic-apache_logs',
  'wtf-apache_combined',
  'wtf-nginx-saunathinker.com'
]
const logs = names.map((name) => `${shared}data/logs/${name}.log.gz`)

const good = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.0"\n'

interface Options {
  token: string
  state?: string
  password?: string
}

interface Truth {
  lines: number
  bytes: number
  status: Record<string, number>
}

/** Exact counts of all logs together. */
function sumTruths(): Truth {
  const sum: Truth = { lines: 0, bytes: 0, status: {} }
  for (const name of names) {
    const truth = JSON.parse(readFileSync(`${shared}data/truth/${name}.json`, 'utf8')) as Truth
    sum.lines += truth.lines
    sum.bytes += truth.bytes
    for (const [status, hits] of Object.entries(truth.status))
      sum.status[status] = (sum.status[status] ?? 0) + hits
  }
  return sum
}

describe('push', () => {
  let stack: Stack
  let folder: string

  beforeAll(async () => {
    stack = await Stack.join(inject('server'))
    folder = mkdtempSync(join(tmpdir(), 'loggia-push-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** Starts `loggia push`; the state of each name is kept apart. */
  function start(args: string[], { token, state = 'state', password }: Options) {
    const env = {
      PATH: process.env.PATH,
      LOGGIA_URL: stack.url,
      LOGGIA_TOKEN: token,
      LOGGIA_SOURCE_PASSWORD: password,
      XDG_STATE_HOME: join(folder, state)
    }
    const child = spawn(process.execPath, [join(root, 'cli/loggia.ts'), 'push', ...args], {
      env,
      cwd: folder
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
    return { child, ended }
  }

  const push = (args: string[], options: Options) => start(args, options).ended

  needs('shared')('of logs', () => {
    it('counts every line once, though it is killed, run again and forgets', async () => {
      const token = await stack.client.createToken('push.example')
      const killed = start([...logs, '--parallel', '1'], { token })
      // The first log is stored, and the second is on its way.
      await once(killed.child.stderr, 'data')
      killed.child.kill('SIGKILL')
      expect((await killed.ended).code).toBeNull()

      const { lines, bytes, status } = sumTruths()
      expect((await push(logs, { token })).code).toBe(0)
      const again = await push(logs, { token })
      expect(again.output).toMatch(/4 logs in .*: 0 hits$/m)
      const forgetful = await push(logs, { token, state: 'another' })
      expect(forgetful.output).toContain(`0 hits, ${lines.toLocaleString('en')} counted before`)

      expect(await stack.waitForRows('push.example', lines)).toBe(lines)
      const { parts } = await stack.client.manifest('push.example')
      const bodies = await Promise.all(parts.map(({ id }) => stack.client.part('push.example', id)))
      const rows = await askParts(
        bodies,
        'select status::int as status, count(*)::int as hits, sum(bytes)::double as bytes from parts group by status'
      )
      expect(Object.fromEntries(rows.map(({ status, hits }) => [status, hits]))).toEqual(status)
      expect(rows.reduce((sum, row) => sum + Number(row.bytes), 0)).toBe(bytes)
    })

    it('knows a log again that was renamed and unpacked, and counts what a dry run says', async () => {
      const token = await stack.client.createToken('renamed.example')
      const [log] = logs
      const dry = await push([log!, '--dry-run'], { token })
      expect(dry.output).toMatch(/^ {2}combined: 3,456 hits$/m)
      expect((await push([log!], { token })).output).toContain('3,456 hits')
      writeFileSync(join(folder, 'access.log.1'), gunzipSync(readFileSync(log!)))
      expect(await push(['access.log.1'], { token })).toMatchObject({
        code: 0,
        output: expect.stringContaining('access.log.1: nothing new')
      })
    })
  })

  it('sends a log that one site has to another, too', async () => {
    const { token } = stack
    writeFileSync(join(folder, 'both.log'), good)
    for (const site of ['both-1.example', 'both-2.example'])
      expect(await push(['both.log', '--site', site], { token })).toMatchObject({
        code: 0,
        output: expect.stringContaining('both.log: 1 hit\n')
      })
    const { code, output } = await push(['both.log'], { token })
    expect(code).toBe(2)
    expect(output).toContain('Say which one: --site NAME')
  })

  it('stores nothing of a file that is no log, and says why', async () => {
    const token = await stack.client.createToken('nolog.example')
    writeFileSync(join(folder, 'notes.txt'), 'Dear diary,\ntoday I wrote no log.\n')
    const { code, output } = await push(['notes.txt'], { token })
    expect(code).toBe(2)
    expect(output).toContain('notes.txt: the Worker can read none of its first lines')
    expect(output).toContain('Dear diary,')
    expect(await stack.client.status('nolog.example')).toMatchObject({ quarantined: 0, rows: 0 })
  })

  it('keeps refused lines in a file beside the log', async () => {
    const token = await stack.client.createToken('half.example')
    writeFileSync(join(folder, 'half.log.gz'), gzipSync(`${good}what is this?\n${good}`))
    const { code, output } = await push(['half.log.gz'], { token })
    expect(code).toBe(0)
    expect(output).toContain('half.log.gz: 2 hits, 1 refused')
    const refused = join(folder, 'half.log.gz.refused')
    expect(readFileSync(refused, 'utf8')).toBe('what is this?\n')

    // A push that was killed before it wrote them.
    rmSync(refused)
    const ledger = new DatabaseSync(join(folder, 'state/loggia/push.db'))
    ledger.exec("update cut set done = 0 where destination like '%half.example'; delete from source")
    ledger.close()
    expect((await push(['half.log.gz'], { token })).output).toContain('0 hits, 3 counted before')
    expect(readFileSync(refused, 'utf8')).toBe('what is this?\n')
  })

  it('sends a year of an OVH hosting, and then only what is new', async () => {
    const token = await stack.client.createToken('ovh.example')
    const { files, url, close } = await serveLogs({ user: 'me', password: 's3cret' })
    const now = Date.now()
    const dayOf = (ago: number) => new Date(now - ago * 86_400_000).toISOString().slice(0, 10).split('-')
    const archive = (ago: number, kind = '') => {
      const [year, month, day] = dayOf(ago)
      return `/shop.example/logs/logs-${month}-${year}/${kind}shop.example-${day}-${month}-${year}.log.gz`
    }
    const live = (ago: number) => `/shop.example/osl/shop.example-${dayOf(ago).reverse().join('-')}.log`
    const line = (path: string) =>
      good.replace('- - [', '- shop.example - [').replace('GET /', `GET /${path}`)
    files.set(archive(365), gzipSync(line('last-year')))
    files.set(
      archive(2, 'error/'),
      gzipSync('[Fri Nov 20 12:00:00 2026] [error] [client 192.0.2.7] no zone\n')
    )
    // Yesterday is there twice, and its live log ends earlier.
    files.set(archive(1), gzipSync(line('yesterday') + line('late')))
    files.set(live(1), Buffer.from(line('yesterday')))
    files.set(live(0), Buffer.from(line('today')))
    const args = ['--ovh', `${url}/shop.example`, '--user', 'me', '--parallel', '8']
    try {
      const first = await push(args, { token, password: 's3cret' })
      expect(first.output).toMatch(/732 logs in .*: 4 hits$/m)
      expect(first.output).toContain('Choose the zone of the site')
      expect(first.output).not.toContain('s3cret')
      expect(first.code).toBe(2)
      files.set(live(0), Buffer.from(line('today') + line('now')))
      expect((await push(args, { token, password: 's3cret' })).output).toMatch(/732 logs in .*: 1 hit$/m)
      expect((await push(args, { token, password: 'wrong' })).output).toMatch(/does not let you in \(401\)/)
    } finally {
      close()
    }
  })

  it.each([
    ['a wrong token', ['half.log.gz'], 'lgi_abcdefgh_wrong', /\(401\).*Create one with "loggia token URL"/],
    [
      'a Worker that is away',
      ['half.log.gz', '--to', 'http://127.0.0.1:9'],
      'lgi_a',
      /127\.0\.0\.1:9 can't be reached/
    ],
    ['a file that is missing', ['no.log'], 'lgi_a', /There is no file no\.log/]
  ])('says of %s what to do, in one sentence', async (_, args, token, sentence) => {
    const { code, output } = await push(args, { token })
    expect(code).toBe(1)
    expect(output).toMatch(sentence)
    expect(output).not.toContain('{"')
  })
})
