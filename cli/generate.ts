import { appendFileSync, createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { asBallcone, asCombined, asNginx } from '../src/lib/sample/lines.ts'
import { load, type Level, type LoadOptions } from '../src/lib/sample/load.ts'
import type { Kind, LoggedRequest } from '../src/lib/sample/request.ts'
import { count } from './count.ts'

/** What the options are, for `--help`. */
export const generateHelp: readonly (readonly [string, string])[] = [
  ['--rate 10', 'requests a second at a low level; a high level has ten times as many'],
  ['--profile low/high/low', 'levels one after another, and from the first again'],
  ['--lasts 30', 'seconds that a level lasts'],
  ['--attack', 'scanners ask as often as everybody else together'],
  ['--browser-attackers 0.5', 'the share of scanners that send the agent of a browser, from 0 to 1'],
  ['--format nginx', 'nginx (JSON), combined or ballcone'],
  ['--service NAME', 'the site that JSON lines name'],
  ['--out FILE', 'appends to a file, as a server does; without it lines go to the terminal'],
  ['--labels FILE', 'appends the kind of each line: human, bot, monitor or attack'],
  ['--seconds N', 'ends after so long; without it at Ctrl-C'],
  ['--seed 1', 'another number makes other requests']
]

const formats: Record<string, (request: LoggedRequest, service?: string) => string> = {
  nginx: asNginx,
  combined: (request) => asCombined(request),
  ballcone: asBallcone
}

/** A line's kind, in the words of the labels. */
const labels: Record<Kind, string> = {
  person: 'human',
  bot: 'bot',
  monitor: 'monitor',
  attack: 'attack',
  broken: 'broken'
}

interface Options extends LoadOptions {
  seconds: number
  out: string | undefined
  labels: string | undefined
  line: (request: LoggedRequest) => string
}

/** Writes the log of a busy server in real time. Returns a summary, or an empty text if the lines were the output. */
export async function generate(args: string[]): Promise<string> {
  const options = readOptions(args)
  const { seconds, out, line } = options
  const stream = out === undefined ? process.stdout : createWriteStream(out, { flags: 'a' })
  const failed = once(stream, 'error').then(([error]: unknown[]) => {
    throw error
  })
  const start = Math.floor(Date.now() / 1_000) * 1_000 + 1_000
  let [written, passed] = [0, 0]
  const write = async () => {
    for (const requests of load(options, start)) {
      if (passed === seconds) return
      // A second is written when it is over, as its requests are answered by then.
      await sleep(Math.max(0, start + ++passed * 1_000 - Date.now()))
      const lines = requests.map((request) => `${line(request)}\n`).join('')
      written += requests.length
      if (!stream.write(lines)) await once(stream, 'drain')
      if (options.labels !== undefined)
        appendFileSync(options.labels, requests.map(({ kind }) => `${labels[kind]}\n`).join(''))
    }
  }
  try {
    await Promise.race([write(), failed])
  } catch (error) {
    // Whoever read the lines has ended.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
  }
  if (out === undefined) return ''
  stream.end()
  return `${count(written, 'line')} in ${count(passed, 'second')}: ${out}`
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      rate: { type: 'string', default: '10' },
      profile: { type: 'string', default: 'low' },
      lasts: { type: 'string', default: '30' },
      attack: { type: 'boolean', default: false },
      format: { type: 'string', default: 'nginx' },
      service: { type: 'string' },
      'browser-attackers': { type: 'string', default: '0.5' },
      labels: { type: 'string' },
      out: { type: 'string' },
      seconds: { type: 'string', default: 'Infinity' },
      seed: { type: 'string', default: '1' }
    }
  })
  const format = formats[values.format]
  if (!format) throw new Error(`format ${values.format} is not one of ${Object.keys(formats).join(', ')}`)
  const levels = values.profile.split('/')
  const isLevel = (level: string): level is Level => level === 'low' || level === 'high'
  if (!levels.every(isLevel))
    throw new Error(`profile ${values.profile} is not made of low and high, as low/high/low`)
  return {
    rate: number('rate', values.rate, 0.1, 10_000),
    levels,
    lasts: number('lasts', values.lasts, 1, 86_400),
    isAttacked: values.attack,
    posing: number('browser-attackers', values['browser-attackers'], 0, 1),
    seed: number('seed', values.seed, 0, 2 ** 31),
    seconds: values.seconds === 'Infinity' ? Infinity : number('seconds', values.seconds, 1, 10 ** 9),
    out: values.out,
    labels: values.labels,
    line: (request) => format(request, values.service)
  }
}

function number(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= least && value <= most) return value
  throw new Error(`--${name} ${text} is not a number from ${least} to ${most}`)
}
