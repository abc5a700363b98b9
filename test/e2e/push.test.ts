import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { needs, shared } from '../needs.ts'
import { askParts } from '../store/native.ts'
import { Stack } from './stack.ts'

const names = [
  'basjes-hackers-access',
  'elastic-apache_logs',
  'wtf-apache_combined',
  'wtf-nginx-saunathinker.com'
]
const logs = names.map((name) => `${shared}data/logs/${name}.log.gz`)

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
  function start(args: string[], { token, state = 'state' }: { token: string; state?: string }) {
    const env = {
      PATH: process.env.PATH,
      LOGGIA_URL: stack.url,
      LOGGIA_TOKEN: token,
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

  const push = (args: string[], options: { token: string; state?: string }) => start(args, options).ended

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
    const good = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.0"\n'
    writeFileSync(join(folder, 'half.log.gz'), gzipSync(`${good}what is this?\n${good}`))
    const { code, output } = await push(['half.log.gz'], { token })
    expect(code).toBe(0)
    expect(output).toContain('half.log.gz: 2 hits, 1 refused')
    expect(readFileSync(join(folder, 'half.log.gz.refused'), 'utf8')).toBe('what is this?\n')
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
