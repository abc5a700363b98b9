import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { needs, shared } from '../needs.ts'
import { serveLogs } from '../cli/push/log-server.ts'
import { askParts } from '../store/native.ts'
import { lane } from './lane.ts'
import { Stack } from './stack.ts'

const folderOfLogs = `${shared}data/logs`
const folderOfTruths = `${shared}data/truth`
const filesIn = (path: string) => (existsSync(path) ? readdirSync(path) : [])
const names = filesIn(folderOfTruths).map((file) => basename(file, '.json'))
const files = filesIn(folderOfLogs)
/** Logs whose exact counts are known, as lines and as JSON. */
const counted = { lines: '.log.gz', JSON: '.ndjson.gz' } as const
const others = files.filter(
  (file) => !Object.values(counted).some((end) => names.some((name) => file === name + end))
)
const pathOf = (file: string) => join(folderOfLogs, file)
const textOf = (file: string) =>
  (file.endsWith('.gz') ? gunzipSync(readFileSync(pathOf(file))) : readFileSync(pathOf(file))).toString(
    'latin1'
  )

const good = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8.0"\n'

interface Options {
  token: string
  state?: string
  password?: string
}

type Counts = Record<string, number>

interface Truth {
  lines: number
  bytes: number
  status: Counts
  methods: Counts
  hits_per_day_utc: Counts
}

const add = (sum: Counts, more: Counts): Counts =>
  Object.entries(more).reduce((sum, [key, hits]) => ({ ...sum, [key]: (sum[key] ?? 0) + hits }), sum)

/** The truth calls a request malformed unless it is a method in capitals, a path and a version of HTTP. */
const method = `case when regexp_full_match(method, '[A-Z]+') and method <> 'OTHER' and protocol like 'HTTP/%'
  then method else '(malformed request)' end`

/** Exact counts of all logs together. */
function sumTruths(): Truth {
  const truths = names.map(
    (name) => JSON.parse(readFileSync(join(folderOfTruths, `${name}.json`), 'utf8')) as Truth
  )
  return truths.reduce((sum, truth) => ({
    lines: sum.lines + truth.lines,
    bytes: sum.bytes + truth.bytes,
    status: add(sum.status, truth.status),
    methods: add(sum.methods, truth.methods),
    hits_per_day_utc: add(sum.hits_per_day_utc, truth.hits_per_day_utc)
  }))
}

describe('push', () => {
  let stack: Stack
  let folder: string

  beforeAll(async () => {
    stack = await Stack.join(lane().server)
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
    /** Pushes logs and kills it while the second of them is on its way. */
    async function pushAndKill(logs: string[], token: string) {
      const { child, ended } = start([...logs, '--parallel', '1'], { token })
      await once(child.stderr, 'data')
      child.kill('SIGKILL')
      expect((await ended).code).toBeNull()
    }

    /** Pushes logs to a site, again, and again without notes. Each line counts once. */
    async function pushThrice(
      logs: string[],
      { site, token, lines }: Record<'site' | 'token', string> & { lines: number }
    ) {
      expect((await push(logs, { token })).code).toBe(0)
      expect(await stack.waitForRows(site, lines)).toBe(lines)
      const again = await push(logs, { token })
      expect(again.output).toMatch(new RegExp(`${logs.length} logs in .*: 0 hits$`, 'm'))
      const forgetful = await push(logs, { token, state: 'another' })
      expect(forgetful.output).toContain(`0 hits, ${lines.toLocaleString('en')} counted before`)
    }

    /** What is stored of a site, as a truth tells of it. */
    async function countStored(site: string): Promise<Truth> {
      const { parts } = await stack.client.manifest(site)
      const bodies = await Promise.all(parts.map(({ id }) => stack.client.part(site, id)))
      const countBy = async (key: string) => {
        const rows = await askParts(
          bodies,
          `select ${key} as key, count(*)::int as hits from parts group by all`
        )
        return Object.fromEntries(rows.map(({ key, hits }) => [String(key), Number(hits)]))
      }
      const [total] = await askParts(
        bodies,
        'select count(*)::int as lines, sum(bytes)::double as bytes from parts'
      )
      return {
        lines: Number(total!.lines),
        bytes: Number(total!.bytes),
        status: await countBy('status'),
        methods: await countBy(method),
        hits_per_day_utc: await countBy("strftime(time, '%Y-%m-%d')")
      }
    }

    it.each(Object.entries(counted))(
      'as %s counts what the truth counts, though it is killed, run again and forgets',
      async (kind, end) => {
        const truth = sumTruths()
        const site = `push-${kind.toLowerCase()}.example`
        const token = await stack.client.createToken(site)
        const logs = names.map((name) => pathOf(name + end))
        await pushAndKill(logs, token)
        await pushThrice(logs, { site, token, lines: truth.lines })
        // Ballcone's JSON names no method.
        const methods = kind === 'JSON' ? { '(malformed request)': truth.lines } : truth.methods
        expect(await countStored(site)).toEqual({ ...truth, methods })
      }
    )

    it('without a truth counts every line, and keeps its notes for another year', async () => {
      const lines = others.reduce((sum, file) => sum + textOf(file).trimEnd().split('\n').length, 0)
      const logs = others.map(pathOf)
      const site = 'push-others.example'
      const token = await stack.client.createToken(site)
      await pushThrice(logs, { site, token, lines })
      const ledger = new DatabaseSync(join(folder, 'state/loggia/push.db'))
      const age = () => {
        for (const table of ['cut', 'source'])
          ledger.exec(`update ${table} set seen = seen - ${200 * 86_400_000}`)
      }
      // Unchanged logs are not opened, and those without a stamp are read: both are met.
      for (const before of ['', 'delete from source']) {
        age()
        ledger.exec(before)
        expect((await push(logs, { token })).output).toMatch(/: 0 hits$/m)
      }
      age()
      ledger.exec('delete from source')
      expect((await push(logs, { token })).output).toMatch(/: 0 hits$/m)
      ledger.close()
    })

    it('knows a log again that was renamed and unpacked, and counts what a dry run says', async () => {
      const token = await stack.client.createToken('renamed.example')
      const log = pathOf('basjes-hackers-access.log.gz')
      const dry = await push([log, '--dry-run'], { token })
      expect(dry.output).toMatch(/^ {2}combined: 3,456 hits$/m)
      expect((await push([log], { token })).output).toContain('3,456 hits')
      writeFileSync(join(folder, 'access.log.1'), gunzipSync(readFileSync(log)))
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
    const tried = await push(['both.log', '--dry-run'], { token })
    expect(tried.output).toMatch(/Say which one: --site NAME\n {2}combined: 1 hit/)
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
