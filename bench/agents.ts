import { isbot } from 'isbot'
import { readAgent } from '../src/lib/enrich/agent.ts'
import { readBot } from '../src/lib/enrich/bots.ts'
import { thousandsPerSecond } from '../test/enrich/corpus.ts'
import { isOf2022, readFacts, readMatomo, scoreOf, type Fact } from '../test/enrich/facts.ts'
import type { Section } from './report.ts'

const crawlers = ['bots-isbot-crawlers', 'bots-arcjet-well-known-bots', 'bots-monperrus-crawler-user-agents']

/** A copy of matomo-org/device-detector, whose licence keeps it out of `../shared`. */
const matomo = process.env.DEVICE_DETECTOR

/** How many agents are read as public lists have them, and how many a second. */
export async function measure(): Promise<Section> {
  const lists: Record<string, Fact[]> = {
    ...(matomo && { 'device-detector': readMatomo(matomo) }),
    yauaa: readFacts('yauaa'),
    browscap: readFacts('browscap')
  }
  const people = Object.values(lists)
    .flat()
    .filter(({ isBot }) => isBot === false)
  const bots = [...Object.values(lists), ...crawlers.map(readFacts)].flat().filter(({ isBot }) => isBot)
  const agents = people.map(({ agent }) => agent)
  const ours = (agent: string) => readBot(agent).is_bot
  return {
    title: 'Agents',
    how: `Agents of public lists, read on ${new Date().toISOString().slice(0, 10)}: Matomo’s device-detector (\`DEVICE_DETECTOR\` names a copy), yauaa and browscap; the bots of isbot, well-known-bots and crawler-user-agents besides. A version counts where the browser is right.`,
    columns: ['what', 'browser', 'version', 'system', 'device'],
    rows: [
      ...Object.entries(lists).flatMap(([name, facts]) => [
        rowOf(
          `${name}, 2022 and later`,
          facts.filter(({ agent }) => isOf2022(agent))
        ),
        rowOf(name, facts)
      ]),
      ['**bots found, Loggia · isbot**', `**${share(bots, ours)} %** · ${share(bots, isbot)} %`, '', '', ''],
      [
        'people called bots, Loggia · isbot',
        `${share(people, ours)} % · ${share(people, isbot)} %`,
        '',
        '',
        ''
      ],
      ['agents a second', `${thousandsPerSecond(agents, readAgent)} k`, '', '', ''],
      [
        'agents a second, with bots',
        `${thousandsPerSecond(agents, (agent) => ({ ...readAgent(agent), ...readBot(agent) }))} k`,
        '',
        '',
        ''
      ]
    ]
  }
}

function rowOf(name: string, facts: readonly Fact[]): string[] {
  const { browser, version, os, device } = scoreOf(facts)
  return [`${name} (${facts.length})`, ...[browser, version, os, device].map(({ percent }) => `${percent} %`)]
}

function share(facts: readonly Fact[], isBot: (agent: string) => boolean): string {
  return ((100 * facts.filter(({ agent }) => isBot(agent)).length) / facts.length).toFixed(2)
}
