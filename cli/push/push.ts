import { statSync } from 'node:fs'
import { count } from '../count.ts'
import { needRoom } from '../disk.ts'
import { Gate } from '../../src/lib/push/gate.ts'
import { Ledger, stateFolder } from './ledger.ts'
import { readPush, type PushOptions } from './options.ts'
import { ovhSources } from './ovh.ts'
import { Progress } from './progress.ts'
import { Receiver, Stop } from '../../src/lib/push/receiver.ts'
import { remoteSources } from './remote.ts'
import { describe, isNothingNew } from './report.ts'
import { Screen } from './screen.ts'
import { followLog, sendLog } from './send-log.ts'
import type { Push, Report } from './sending.ts'
import { localSources, type Source } from './sources.ts'
import { describeFormats, Tally } from './tally.ts'
import { terminal } from './terminal.ts'
import { isPacked } from './unpack.ts'
import { Unreadable } from '../../src/lib/push/unreadable.ts'

/** Ms that a Worker may be away. */
const patience = 600_000
const exitCode = { failed: 1, unreadable: 2 }
/** Of more logs only those are told that gave something. */
const fewLogs = 20
const namedLogs = 3

/** Sends logs to a Worker and returns what became of them. The exit code says whether all could be read. */
export async function push(args: string[]): Promise<string> {
  const options = readPush(args, process.env)
  const sources = sourcesOf(options, Date.now())
  const folder = stateFolder()
  const instead = 'or choose another folder with XDG_STATE_HOME'
  if (!options.isDry) needRoom({ name: 'the state of push', folder, room: 1 << 20, instead })
  const progress = new Progress(Date.now())
  const screen = new Screen(progress, options.isFollowing)
  try {
    const receiver = new Receiver(options, terminal, {
      patience: options.isFollowing ? Infinity : patience,
      onWait: (message) => screen.sayOnce(`${message}. Trying again …`)
    })
    const site = await receiver.site()
    const ledger = options.isDry
      ? Ledger.empty()
      : Ledger.open(folder, destinationOf(options, site), Date.now)
    const gate = new Gate(options.parallel)
    const all = new All({ ...options, receiver, ledger, progress, gate, stopped: null }, screen)
    await all
      .send(sources, options.isFollowing ? sources.length : options.parallel)
      .finally(() => ledger.close())
    const { total, unnamed } = all
    const summary = `${progress.summary(Date.now())}: ${total.describe()}`
    return [...unnamed, summary, ...describeFormats(total)].join('\n')
  } finally {
    screen.close()
  }
}

function sourcesOf({ names, ovh, login, from, to }: PushOptions, now: number): Source[] {
  return [
    ...(ovh === undefined ? [] : ovhSources(ovh, login, now)),
    ...names.flatMap((name) =>
      /^https?:\/\//.test(name) ? remoteSources(name, login, { from, to }, now) : localSources(name)
    )
  ]
}

/** A log that one site has is sent to another all the same. */
const destinationOf = ({ url, site, service }: PushOptions, own: string | null): string =>
  [url, site ?? own ?? '*', ...(service === undefined ? [] : [service])].join(' ')

/** All logs of a push. */
class All {
  readonly total = new Tally()
  readonly #complaints = new Map<string, number>()
  readonly #underway = new Map<string, Promise<void>>()
  readonly #push: Push
  readonly #screen: Screen

  constructor(push: Push, screen: Screen) {
    this.#push = push
    this.#screen = screen
  }

  /** Sends the sources, some at a time. Throws `Stop` where none can be sent any more. */
  async send(sources: readonly Source[], atOnce: number): Promise<void> {
    const queue = [...sources]
    this.#push.progress.expect(queue.length, sizeOfAll(queue))
    const work = async () => {
      for (let source = queue.shift(); source && !this.#push.stopped; source = queue.shift()) {
        const sent = this.#sendOne(source, (report) => this.#note(report, sources.length <= fewLogs))
        this.#underway.set(source.name, sent)
        await sent
        this.#push.progress.finishFile()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }

  async #sendOne(source: Source, note: (report: Report) => void): Promise<void> {
    // Which of two is sent is known once the other has begun, or is over.
    if (source.twin !== undefined) await this.#underway.get(source.twin)?.catch(() => {})
    try {
      if (this.#push.isFollowing && isPlainFile(source.name)) await followLog(this.#push, source, note)
      note(await sendLog(this.#push, source))
    } catch (error) {
      if (error instanceof Stop) throw (this.#push.stopped ??= error)
      process.exitCode = error instanceof Unreadable ? exitCode.unreadable : exitCode.failed
      this.#complain(source.name, sentenceOf(error as NodeJS.ErrnoException))
    }
  }

  /** Of a year of logs that all lack the same, a few are named. */
  #complain(name: string, sentence: string): void {
    const logs = (this.#complaints.get(sentence) ?? 0) + 1
    this.#complaints.set(sentence, logs)
    if (logs <= namedLogs) this.#screen.say(`${name}: ${sentence}`)
  }

  /** How many logs were complained of but not named. */
  get unnamed(): string[] {
    return [...this.#complaints]
      .filter(([, logs]) => logs > namedLogs)
      .map(([sentence, logs]) => `${count(logs - namedLogs, 'more log')}: ${sentence}`)
  }

  #note(report: Report, isTold: boolean): void {
    this.total.merge(report.tally)
    if (isTold || !isNothingNew(report)) this.#screen.say(describe(report, this.#push.isDry))
    if (typeof report.walked !== 'string' && report.walked.damage) process.exitCode ||= exitCode.failed
  }
}

const isPlainFile = (name: string) =>
  statSync(name, { throwIfNoEntry: false })?.isFile() === true && !isPacked(name)

const sentences: Record<string, string> = {
  EACCES: 'this user may not read it. Change its mode, or run push as its owner.',
  ENOENT: 'it is not there any more.',
  ERR_SQLITE_ERROR:
    "the state of push can't be written. Free some space there, or choose another folder with XDG_STATE_HOME."
}

const sentenceOf = ({ code, message }: NodeJS.ErrnoException): string => sentences[code ?? ''] ?? message

/** Bytes as they lie; null if one of the sources has no size. */
function sizeOfAll(sources: readonly Source[]): number | null {
  const sizes = sources.map(({ name }) => statSync(name, { throwIfNoEntry: false })?.size ?? null)
  return sizes.reduce<number | null>((sum, size) => (sum === null || size === null ? null : sum + size), 0)
}
