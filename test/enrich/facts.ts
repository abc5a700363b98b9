import { globSync, readFileSync } from 'node:fs'
import { readAgent } from '#lib/enrich/agent.ts'
import { readRows } from './corpus.ts'
import names from './names.json' with { type: 'json' }

/** What a list of others says of an agent; null or absent where it says nothing. */
export interface Fact {
  agent: string
  isBot?: boolean | null
  browser?: string | null
  version?: string | null
  os?: string | null
  device?: string | null
}

interface Row {
  ua: string
  is_bot?: boolean
  expect?: { is_bot?: boolean | null; browser_version_major?: string | null }
  norm?: { browser?: string | null; os?: string | null; device_type?: string | null }
}

/** The facts of a list under `../shared/data/agents`. */
export function readFacts(list: string): Fact[] {
  return readRows<Row>(`agents/${list}.jsonl.gz`).map(({ ua, is_bot, expect, norm }) => ({
    agent: ua,
    isBot: is_bot ?? expect?.is_bot ?? null,
    browser: norm?.browser === 'Hacker' ? null : norm?.browser,
    version: expect?.browser_version_major,
    os: /Hacker|Cloud/.test(norm?.os ?? '') ? null : norm?.os,
    device: norm?.device_type === 'other' ? null : norm?.device_type
  }))
}

const matomoDevices: Readonly<Record<string, string>> = {
  smartphone: 'mobile',
  phablet: 'mobile',
  'feature phone': 'mobile',
  wearable: 'other',
  'car browser': 'other'
}

/** The facts in a copy of Matomo's `device-detector`. Agents that come with client hints are left out. */
export function readMatomo(folder: string): Fact[] {
  const entries = globSync(`${folder}/Tests/fixtures/*.yml`)
    .filter((file) => !file.includes('clienthints'))
    .flatMap((file) => readFileSync(file, 'utf8').split(/^- *\n/m))
    .filter((entry) => entry.includes('user_agent: ') && !/^ {2}headers:/m.test(entry))
  return [...new Map(entries.map((entry) => [fieldIn(entry, 'user_agent'), entry]))].map(([agent, entry]) => {
    const [client, os, device] = ['client', 'os', 'device'].map((name) => blockIn(entry, name))
    const isBrowser = fieldIn(client!, 'type') === 'browser'
    const type = fieldIn(device!, 'type') ?? ''
    return {
      agent: agent!,
      isBot: /^ {2}bot:/m.test(entry),
      browser: isBrowser ? fieldIn(client!, 'name') : null,
      version: isBrowser ? fieldIn(client!, 'version') : null,
      os: fieldIn(os!, 'name'),
      device: matomoDevices[type] ?? type
    }
  })
}

function blockIn(entry: string, name: string): string {
  return new RegExp(`^  ${name}:\\n((?:    .*\\n)*)`, 'm').exec(entry)?.[1] ?? ''
}

function fieldIn(block: string, name: string): string | null {
  return new RegExp(`^ *${name}: (['"]?)(.+)\\1 *$`, 'm').exec(block)?.[2] ?? null
}

/** The first version of each engine and system of 2022. */
const first2022: readonly (readonly [pattern: RegExp, version: number])[] = [
  [/(?:Chrome|CriOS)\/(\d+)/, 97],
  [/(?:Firefox|FxiOS)\/(\d+)/, 96],
  [/(?:iPhone OS|CPU OS|iPadOS|iOS)[ /](\d+)/, 16],
  [/Mac OS X .* Version\/(\d+)/, 16],
  [/Android[ /](\d+)/, 13]
]

/** Whether an agent names an engine or a system of 2022 or later. */
export function isOf2022(agent: string): boolean {
  return first2022.some(([pattern, version]) => Number(pattern.exec(agent)?.[1]) >= version)
}

/** One vocabulary for the names of all lists and ours: patterns in order, the first that matches. */
function spell(kind: 'browser' | 'os', name: string | null): string | null {
  const found = names[kind].find(([pattern]) => name !== null && new RegExp(pattern!, 'i').test(name))
  return (found?.[1] ?? name)?.toLowerCase().replace(/[ -]|browser$/g, '') ?? null
}

/** How many of all are right. */
export class Score {
  right = 0
  all = 0

  add(isRight: boolean): void {
    this.right += Number(isRight)
    this.all++
  }

  get percent(): number {
    return Math.round((1000 * this.right) / this.all) / 10
  }
}

/** How many agents of people come out as the list has them. A version counts where the browser is right. */
export function scoreOf(facts: readonly Fact[]): Record<'browser' | 'version' | 'os' | 'device', Score> {
  const score = { browser: new Score(), version: new Score(), os: new Score(), device: new Score() }
  for (const { agent, isBot, browser, version, os, device } of facts) {
    if (isBot) continue
    const read = readAgent(agent)
    if (browser) {
      const isRight = spell('browser', read.browser) === spell('browser', browser)
      score.browser.add(isRight)
      const major = /^\d+(?=\.|$)/.exec(version ?? '')?.[0]
      if (isRight && major) score.version.add(read.browser_version?.split('.')[0] === String(Number(major)))
    }
    if (os) score.os.add(spell('os', read.os) === spell('os', os))
    if (/^(desktop|mobile|tablet|tv|console|other)$/.test(device ?? ''))
      score.device.add((read.device === 'phone' ? 'mobile' : read.device) === device)
  }
  return score
}
