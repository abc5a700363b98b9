import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { monitor } from '../../cli/monitor/monitor.ts'
import { root } from '../../cli/process.ts'
import { presets, traffic } from '../../src/lib/alert/presets.ts'
import { asBallcone, asNginx } from '../../src/lib/sample/lines.ts'
import { load } from '../../src/lib/sample/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'loggia-monitor-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function file(text: string): string {
  const name = join(folder, `${files++}.log`)
  writeFileSync(name, text)
  return name
}

const start = Date.UTC(2019, 1, 7, 16, 1)
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** A line in the combined format. */
function line(time: number, path = '/report', user = 'james'): string {
  const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T(.{8})/.exec(new Date(time).toISOString())!
  const date = `${day}/${months[Number(month) - 1]}/${year}:${clock} +0000`
  return `127.0.0.1 - ${user} [${date}] "GET ${path} HTTP/1.1" 200 - "-" "curl/8.5"\n`
}

/** A log with so many lines for each second. */
const logOf = (hits: readonly number[]) =>
  hits.flatMap((count, at) => Array.from({ length: count }, () => line(start + at * 1_000))).join('')

const monitored = (args: string[]) => monitor(args, () => Promise.reject(new Error('there is no password')))

/** Reads a log to its end. Returns what is written, a line each, and the summary. */
async function outcome(log: string, ...args: string[]) {
  const out = file('')
  const summary = await monitored(['-f', log, '--once', '--zone', 'UTC', '--out', out, ...args])
  return [...readFileSync(out, 'utf8').split('\n').slice(0, -1), summary]
}

const at = (second: number) => new Date(start + second * 1_000).toISOString().slice(0, 19)
const fires = (second: number, hits: number, title = 'High traffic') =>
  `${title} generated an alert - hits = ${hits}, triggered at ${at(second)}`
const recovers = (second: number, title = 'High traffic') => `${title} alert recovered at ${at(second)}`

test.each([
  [[2, 4, 4, 3, 2, 1], '3,2', [fires(1, 3), recovers(4)]],
  [[2, 4, 3, 3, 5, 2, 1, 1], '3,3', [fires(2, 3), recovers(6)]],
  [[2, 4, 3, 3, 5, 2, 1, 1], '4,2', [fires(4, 4), recovers(5)]],
  // HttpLogMonitor never sees the first of these be over, and the second two seconds late.
  [[10, 10, 10, 0, 0, 0], '3,3', [fires(0, 3), recovers(5)]],
  [[10, 0, 0, 0, 0, 1, 1], '3,3', [fires(0, 3), recovers(3)]]
])('a log of %j requests a second has the alerts of %s', async (hits, alert, expected) => {
  const lines = await outcome(file(logOf(hits)), '--alert', `high_traffic=${alert}`, '--interval', '0')
  const sum = hits.reduce((a, b) => a + b)
  const last = hits.findLastIndex((count) => count > 0)
  expect(lines).toEqual([...expected, `${sum} requests from ${at(0)} to ${at(last)}, 1 alert`])
})

test('a log that has just been written does not show that silence followed', async () => {
  const now = Date.now()
  const log = file([1, 2, 3, 4].map(() => line(now)).join(''))
  const [alert, summary] = await outcome(log, '--alert', 'busy=1,3', '--interval', '0')
  expect(alert).toContain('Busy generated an alert - hits = 1')
  expect(summary).toMatch(/^4 requests from /)
})

test('a config.cfg is read: interval, alerts, and where output and log go', async () => {
  const [out, log] = [file('before\n'), join(folder, 'monitor.log')]
  const config = file(
    `[Stats]\ninterval = 4\n[Alerts]\nhigh_traffic = 3, 2\n[Output]\ndisplayer = file\nfile_name = ${out}\n` +
      `[Logging]\nlog_to_file = ${log}\n`
  )
  const access = file(`${logOf([2, 4, 4, 3, 2, 1])}This is a wrong log format\n`)
  const summary = await monitored(['-f', access, '--once', '--zone', 'UTC', '-c', config])
  expect(summary).toBe(`16 requests from ${at(0)} to ${at(5)}, 1 line wrong, 1 alert`)
  const statistics = (second: number, rate: number, requests: number) =>
    JSON.stringify({
      time: `${at(second)}.000Z`,
      tps: rate,
      transactions_per_second: rate,
      most_hits: ['/report'],
      most_active_users: ['james'],
      status_codes: { '2xx': requests, '3xx': 0, '4xx': 0, '5xx': 0 }
    })
  expect(readFileSync(out, 'utf8').trimEnd().split('\n')).toEqual([
    'before',
    fires(1, 3),
    statistics(0, 3.25, 13),
    recovers(4),
    // The last interval is cut short by the end.
    statistics(4, 1.5, 3)
  ])
  expect(readFileSync(log, 'utf8')).toMatch(/^\S+ WARNING Wrong log format for This is a wrong log format\n$/)
})

test('wrong lines are skipped, and told as they may be shown', async () => {
  const log = join(folder, 'warnings.log')
  const config = file(`[Alerts]\nhigh = 9, 9\n[Logging]\nlog_to_file = ${log}\n`)
  await outcome(file(`\u001b[2Jx\ny\r\n\n${line(start)}`), '-c', config)
  expect(readFileSync(log, 'utf8')).toMatch(
    /^\S+ WARNING Wrong log format for \ufffd\[2Jx, and 1 more line\n$/
  )
})

test('what can be read of a damaged file is evaluated', async () => {
  const log = join(folder, 'damaged.log')
  const config = file(`[Alerts]\nhigh = 9, 9\n[Logging]\nlog_to_file = ${log}\n`)
  const packed = gzipSync(logOf(new Array<number>(5_000).fill(5)))
  const name = file('')
  writeFileSync(name, packed.subarray(0, packed.length >> 1))
  const code = process.exitCode
  const summary = (await outcome(name, '-c', config, '--interval', '0')).at(-1)
  expect(summary).toMatch(/^\d+,\d+ requests from /)
  expect(readFileSync(log, 'utf8')).toContain(`WARNING ${name}: unexpected end of file`)
  expect(process.exitCode).toBe(1)
  process.exitCode = code
})

test('lines that come late count in their seconds', async () => {
  const lines = logOf([2, 4, 4, 3, 2, 1]).split(/(?<=\n)/)
  const mixed = [...lines.slice(4), ...lines.slice(0, 4)].join('')
  const [first, second, summary] = await outcome(
    file(mixed),
    '--alert',
    'high_traffic=3,2',
    '--interval',
    '0'
  )
  expect([first, second]).toEqual([fires(1, 3), recovers(4)])
  expect(summary).toBe(`16 requests from ${at(0)} to ${at(5)}, 1 alert`)
})

test('lines of a wrong clock are left out, and the others count', async () => {
  const hour = 3_600_000
  const ahead = [line(start + 48 * hour), line(Date.now() + hour)]
  const text = [
    logOf([2, 4]),
    ...ahead,
    logOf([2, 4, 4, 3, 2, 1])
      .split(/(?<=\n)/)
      .slice(6)
      .join('')
  ].join('')
  expect(await outcome(file(text), '--alert', 'high_traffic=3,2', '--interval', '0')).toEqual([
    fires(1, 3),
    recovers(4),
    `16 requests from ${at(0)} to ${at(5)}, 2 lines dated ahead and left out, 1 alert`
  ])
})

test('the rules of a site that nobody has changed can be evaluated, and a log may be quiet for years', async () => {
  const text = line(0) + logOf([1]) + line(start + 86_400_000)
  const lines = await outcome(file(text), '--interval', '3600')
  expect(lines).toHaveLength(4)
  expect(lines[3]).toBe(`3 requests from 1970-01-01T00:00:00 to ${at(86_400)}, 0 alerts`)
  const config = file(JSON.stringify(presets))
  expect((await outcome(file(text), '-c', config, '--interval', '0')).at(-1)).toBe(lines[3])
})

test('muted rules are told when the mute is over', async () => {
  const muted = { from: start / 1_000, until: start / 1_000 + 60 }
  const rules = file(JSON.stringify([{ ...traffic('a', 'A', 1, 10), muted }]))
  const short = await outcome(file(logOf([20])), '-c', rules, '--interval', '0')
  expect(short).toEqual([`20 requests from ${at(0)} to ${at(0)}, 0 alerts`])
  const long = logOf(new Array<number>(70).fill(2))
  expect(await outcome(file(long), '-c', rules, '--interval', '0')).toEqual([
    `A generated an alert - hits = 1, triggered at ${at(4)}`,
    recovers(75, 'A'),
    `140 requests from ${at(0)} to ${at(69)}, 1 alert`
  ])
})

test.each([
  [['-f', 'none.log', '--once'], 'There is no file none.log'],
  [[], 'monitor needs a log: loggia monitor -f access.log'],
  [['-f', '.'], '. is a folder'],
  [['-f', 'x', '--alert', 'high=0,1'], '--alert high=0,1: threshold and seconds are greater than 0'],
  [['-f', 'x', '--output', 'printer'], '--output printer is not one of stdout, log, file'],
  [['-f', 'https://loggia.example/'], 'https://loggia.example/ is not the address of a site'],
  [['-f', 'https://loggia.example/s/shop', '--once'], 'a site is followed from now on'],
  [['-f', 'https://loggia.example/s/shop'], 'there is no password'],
  [['-f', 'x', '--zone', 'Mars'], '--zone Mars is not a zone'],
  [['-f', 'x', '--out', '/none/out.log'], "/none/out.log can't be written"],
  [['-f', 'x', '-c', '/none.cfg'], '/none.cfg: ENOENT']
])('refuses %j', async (args, why) => {
  await expect(monitored(args)).rejects.toThrow(why)
})

/** Runs the command as a program of its own. */
function run(...args: string[]) {
  const child = spawn(process.execPath, [join(root, 'cli/loggia.ts'), 'monitor', '--zone', 'UTC', ...args])
  const output = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.err += text))
  const ended = once(child, 'close').then(([code]: number[]) => ({ ...output, code }))
  return { child, output, ended }
}

/** A program takes seconds to start on a busy machine. */
const timeout = 60_000

test.concurrent(
  'formats may be mixed, and a rule that cannot be evaluated stops no other',
  async () => {
    const options = { rate: 4, levels: ['low'] as const, lasts: 1, isAttacked: false, posing: 0, seed: 1 }
    const [requests = []] = load(options, start)
    const text = requests.map((one) => `${asNginx(one)}\n${asBallcone(one)}\n`).join('')
    const rules = [
      { ...traffic('away', 'Away', 1, 2), where: ['is,country,NL'] },
      { ...traffic('less', 'Less', 1, 2), metric: 'change' },
      { ...traffic('off', 'Off', 1, 2), isOn: false },
      { ...traffic('users', 'Users', 1, 2), metric: 'distinct', field: 'ip' }
    ]
    const { child, ended } = run('-f', '-', '--interval', '0', '-c', file(JSON.stringify(rules)))
    child.stdin.end(`${text}This is a wrong log format`)
    const { out, err } = await ended
    const lines = out.split('\n')
    expect(lines[0]).toMatch(/^Users generated an alert - distinct = \d+ values, triggered at \S+$/)
    expect(lines.at(-2)).toMatch(
      new RegExp(`^${2 * requests.length} requests from .*, 1 line wrong, 1 alert$`)
    )
    expect(err.split('\n').map((line) => line.slice(20))).toEqual([
      'WARNING Away is not evaluated: country is looked up by a site, and no log holds it',
      'WARNING Less is not evaluated: it compares with earlier weeks, which a log does not hold',
      'WARNING Wrong log format for This is a wrong log format',
      ''
    ])
  },
  timeout
)

test.concurrent(
  'a log is followed across rotation, and each line counts once',
  async () => {
    const log = file(line(Date.now(), '/before'))
    const paths = ['/before', '/first', '/late', '/renamed', '/left', '/emptied']
    const rules = paths.map((path) => ({
      ...traffic(path.slice(1), path, 1, 3_600),
      metric: 'count',
      where: [`is,path,${path}`]
    }))
    const { child, output, ended } = run(
      '-f',
      log,
      '--interval',
      '1',
      '--delay',
      '0',
      '-c',
      file(JSON.stringify(rules))
    )
    const seen = async (text: string) => {
      while (!output.out.includes(text)) {
        if (child.exitCode !== null) throw new Error(output.err)
        await sleep(20)
      }
    }
    const write = (path: string, name = log) => appendFileSync(name, line(Date.now(), path))
    await seen('"tps":0')
    const half = line(Date.now(), '/first')
    appendFileSync(log, half.slice(0, 30))
    await sleep(300)
    appendFileSync(log, half.slice(30))
    await seen('/first generated')
    renameSync(log, `${log}.1`)
    write('/late', `${log}.1`)
    write('/renamed')
    await seen('/renamed generated')
    write('/left')
    copyFileSync(log, `${log}.2`)
    truncateSync(log)
    write('/emptied')
    await seen('/emptied generated')
    child.kill('SIGINT')
    const { out, err, code } = await ended
    expect({ err, code }).toEqual({ err: '', code: 0 })
    expect(out).toMatch(/^5 requests from .*, 5 alerts$/m)
    expect(out).not.toContain('/before')
    for (const path of ['/late', '/left'])
      expect(out).toContain(`${path} generated an alert - count = 1 requests`)
  },
  timeout
)
