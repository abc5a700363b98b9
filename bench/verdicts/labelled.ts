import { asNginx } from '#lib/sample/lines.ts'
import { pickBrowser } from '#lib/sample/agents.ts'
import { Random } from '#lib/sample/random.ts'
import type { Kind } from '#lib/sample/request.ts'
import { traffic } from '#lib/sample/traffic.ts'
import { dayOf } from '#lib/schema/day.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { root } from '../../cli/process.ts'

/** Numbered as the classes of a verdict are. */
export const classes = ['person', 'bot', 'suspicious'] as const
export type Class = 0 | 1 | 2

/** A log whose visitors, or some of them, are known. */
export interface Labelled {
  /** Sets of one name are added up. */
  name: string
  lines: readonly string[]
  /** The class of the sender of a hit, from the hit or the number of its line; null where nobody knows. */
  labelOf(hit: AcceptedHit, line: number): Class | null
  /** The visitors that must be found. */
  expected?: number
}

/** The share of attackers who are given the agent of a browser. */
const posing = 0.5
const generated = 100_000
const seeds = [1, 2, 3]
/** Public logs and `gen_log.py`. */
const data = join(process.env.LOGGIA_SHARED ?? join(root, '../shared'), 'data')

/** The folder of attacks that are known as such. */
export const attackLogs = join(data, 'attacks')

/** All sets, one at a time; without the public logs beside the repository only our own traffic. */
export function* labelledSets(): Generator<Labelled> {
  if (existsSync(data)) {
    yield* readers()
    for (const seed of seeds) yield foreign(seed)
    yield formSpam()
    yield attacks()
  }
  yield own(seeds[0]!)
}

interface Label {
  log: string
  visitor: string
  label: (typeof classes)[number] | 'unclear'
  why: string
}

/** The name of a visitor in the labels, which hold no address and no agent. */
export const nameOf = ({ ip, user_agent, time }: AcceptedHit): string =>
  createHash('sha256')
    .update([ip ?? '-', user_agent ?? '-', dayOf(time)].join('\n'))
    .digest('hex')
    .slice(0, 16)

export const readLabels = (): Label[] =>
  readFileSync(join(root, 'test/fixtures/verdicts/labels.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Label)

/** Visitors of real logs that were read one by one. */
function* readers(): Generator<Labelled> {
  for (const [log, labels] of Map.groupBy(readLabels(), ({ log }) => log)) {
    const known = new Map(
      labels.filter(({ label }) => label !== 'unclear').map(({ visitor, label }) => [visitor, classOf(label)])
    )
    yield {
      name: 'real logs, read',
      lines: readLines(`logs/${log}.log.gz`),
      labelOf: (hit) => known.get(nameOf(hit)) ?? null,
      expected: known.size
    }
  }
}

const classOf = (label: Label['label']) => classes.findIndex((name) => name === label) as Class
const linesOf = (text: string) => text.trimEnd().split('\n')
export const readLines = (path: string) =>
  linesOf(gunzipSync(readFileSync(join(data, path))).toString('utf8'))

const kinds: Record<string, Class | null> = { human: 0, bot: 1, monitor: 1, attack: 2, broken: null }

/** Lines of `gen_log.py`. Every second address that attacks gets the agent of a browser. */
function foreign(seed: number): Labelled {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-verdicts-'))
  try {
    const [log, labels] = [join(folder, 'access.log'), join(folder, 'kinds.txt')]
    const options = ['-n', generated, '--seed', seed, '--combined', log, '--labels', labels].map(String)
    execFileSync('python3', [join(data, 'gen_log.py'), ...options], { stdio: 'ignore' })
    const kindOf = linesOf(readFileSync(labels, 'utf8'))
    return {
      name: 'gen_log.py',
      lines: disguise(linesOf(readFileSync(log, 'utf8')), kindOf, new Random(seed)),
      labelOf: (_, line) => kinds[kindOf[line]!]!
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function disguise(lines: readonly string[], kindOf: readonly string[], random: Random): string[] {
  const agents = new Map<string, string | null>()
  return lines.map((line, at) => {
    if (kindOf[at] !== 'attack') return line
    const address = line.slice(0, line.indexOf(' '))
    if (!agents.has(address)) {
      const { size } = agents
      const isPosing = Math.floor((size + 1) * posing) > Math.floor(size * posing)
      agents.set(address, isPosing ? pickBrowser(random).agent : null)
    }
    const agent = agents.get(address)
    return agent ? line.replace(/"[^"]*"$/, () => `"${agent}"`) : line
  })
}

/** Our own sample traffic, as nginx writes it. */
function own(seed: number): Labelled {
  const to = Date.parse('2026-11-01T00:00:00Z')
  const requests = [...traffic({ seed, from: to - 30 * 86_400_000, to, hits: generated, posing })]
  const classOfKind: Record<Kind, Class | null> = { person: 0, bot: 1, monitor: 1, attack: 2, broken: null }
  return {
    name: 'loggia generate',
    lines: requests.map((request) => asNginx(request)),
    labelOf: (_, line) => classOfKind[requests[line]!.kind]
  }
}

/** A log in which machines that look like browsers fill in forms. */
const formSpam = (): Labelled => ({
  name: 'form spam',
  lines: readLines('logs/basjes-hackers-access.log.gz'),
  labelOf: () => 2
})

interface Attack {
  lines: string[]
  expect: { sources: string[] }[]
}

/** The test logs of CrowdSec: the addresses that it is to report attack. */
function attacks(): Labelled {
  const tests = readLines('attacks/crowdsec.jsonl.gz').map((line) => JSON.parse(line) as Attack)
  const records = tests.flatMap(({ lines, expect }) => {
    const sources = new Set(expect.flatMap(({ sources }) => sources))
    return lines.map((line) => ({ line, sources }))
  })
  return {
    name: 'attacks of CrowdSec',
    lines: records.map(({ line }) => line),
    labelOf: ({ ip }, line) => (ip !== null && records[line]!.sources.has(ip) ? 2 : null)
  }
}
