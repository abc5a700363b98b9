import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../client.ts'
import { count } from '../count.ts'
import { Desk } from './desk.ts'
import { feed } from './feed.ts'
import { Lines } from './lines.ts'
import { readMonitor, type MonitorOptions } from './options.ts'
import { Output, Unwritable } from './output.ts'
import type { View } from './picture.ts'
import { Recent } from './recent.ts'
import { Screen } from './screen.ts'
import { Session, type Event } from './session.ts'
import { headOf, look, openLog } from './source.ts'

/** Follows a log or a site and tells statistics and alerts, until it is stopped or ends. Returns a summary. */
export async function monitor(args: string[], password: () => Promise<string>): Promise<string> {
  const options = readMonitor(args)
  if (!options.site) return watch(options, (run) => run.follow())
  const { url, name } = options.site
  return Client.during(url, await password(), (client) =>
    watch(options, (run) => run.followSite(client, name))
  )
}

async function watch(options: MonitorOptions, follow: (run: Run) => Promise<void>): Promise<string> {
  const stop = new AbortController()
  const quit = () => stop.abort()
  let failure: NodeJS.ErrnoException | null = null
  const fail = (error: Error) => {
    failure = error
    quit()
  }
  const run = new Run(options, stop)
  for (const signal of signals) process.on(signal, quit)
  process.stdout.on('error', fail)
  try {
    await follow(run)
    const summary = run.end()
    if (failure === null) return summary
    // Whoever read the lines has ended.
    if ((failure as NodeJS.ErrnoException).code === 'EPIPE') return ''
    throw failure
  } finally {
    run.close()
    for (const signal of signals) process.off(signal, quit)
    process.stdout.off('error', fail)
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const shownAlerts = 100

class Run {
  readonly #options: MonitorOptions
  readonly #stop: AbortController
  readonly #output: Output
  readonly #recent: Recent | null
  readonly #screen: Screen | null = null
  readonly #desk: Desk
  readonly #empty: Session
  #alerts: string[] = []
  #warning: string | null = null

  constructor(options: MonitorOptions, stop: AbortController) {
    const { wall, rules, interval } = options
    const isStored = options.site !== null
    const hasScreen = process.stdout.isTTY && !options.isOnce
    this.#options = options
    this.#stop = stop
    this.#output = new Output(options, wall, hasScreen)
    this.#recent = hasScreen ? new Recent() : null
    this.#desk = new Desk({
      ...options,
      isStored,
      tell: (events) => this.#tell(events),
      warn: (text) => this.#warn(text),
      ...(this.#recent && { onRequest: (hit, second) => this.#recent!.add(hit, second) })
    })
    this.#empty = new Session({ rules, interval, wall, isStored }, 0)
    for (const { rule, why } of this.#empty.unwatched)
      this.#output.log('WARNING', `${rule.title} is not evaluated: ${why}`)
    if (hasScreen) {
      const keys = options.log === '-' || !process.stdin.isTTY ? null : process.stdin
      this.#screen = new Screen(
        process.stdout,
        keys,
        () => this.#view(),
        () => stop.abort()
      )
    }
  }

  async follow(): Promise<void> {
    const { log, isOnce, isFromStart } = this.#options
    const { signal } = this.#stop
    const { stretches, isWholeAtPause } = openLog(this.#options, () => this.#look(), signal)
    if (isWholeAtPause && !isOnce && !isFromStart) {
      if (existsSync(log)) this.#desk.readHeader(await headOf(log))
      else this.#output.log('WARNING', `There is no file ${log} yet`)
      this.#desk.goLive(Date.now())
    }
    try {
      for await (const stretch of stretches) {
        const lines = new Lines()
        for await (const chunk of stretch) {
          const now = Date.now()
          if (chunk) this.#desk.take(lines.take(chunk), now)
          else if (isWholeAtPause || this.#desk.isRecent(now)) this.#desk.goLive(now)
          this.#look()
          if (signal.aborted) return
        }
        this.#desk.take(lines.end(), Date.now())
        this.#output.log('DEBUG', `${log}: its end was read`)
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof Unwritable || this.#desk.session === null) throw error
      // What was read of a damaged file counts.
      this.#output.log('WARNING', `${log}: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }

  async followSite(client: Client, site: string): Promise<void> {
    const { signal } = this.#stop
    const pause = async () => {
      await sleep(look, undefined, { signal })
      this.#screen?.update(Date.now())
    }
    const onFailure = ({ message }: Error) => this.#warn(message)
    this.#desk.goLive(Date.now())
    try {
      for await (const hits of feed(client, site, { pause, onFailure }))
        if (hits) this.#desk.takeHits(hits, Date.now())
        else this.#look()
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }

  #look(): void {
    const now = Date.now()
    this.#desk.tick(now)
    this.#screen?.update(now)
  }

  #tell(events: readonly Event[]): void {
    this.#output.tell(events)
    const alerts = events.filter(({ is }) => is !== 'statistics').map(({ text }) => text)
    if (alerts.length > 0) this.#alerts = [...alerts.toReversed(), ...this.#alerts].slice(0, shownAlerts)
  }

  #warn(text: string): void {
    this.#warning = text
    this.#output.log('WARNING', text)
  }

  /** What was left out, in words. */
  get #left(): string[] {
    const { wrong, ahead } = this.#desk.left
    const { tooLate, unlisted } = this.#desk.session?.counts ?? this.#empty.counts
    const parts: readonly (readonly [number, string])[] = [
      [wrong, 'wrong'],
      [ahead, 'dated ahead and left out'],
      [tooLate, 'more than an hour late and left out'],
      [unlisted, 'too late for the statistics']
    ]
    return parts.filter(([lines]) => lines > 0).map(([lines, what]) => `${count(lines, 'line')} ${what}`)
  }

  #view(): View {
    const { session, isLive, range } = this.#desk
    const reached = isLive ? session!.reached : (range?.last ?? null)
    const to = reached ?? 0
    const recent = this.#recent!
    return {
      log: this.#options.log,
      reached,
      isLive,
      rates: recent.rates(to),
      classes: recent.classes(to),
      sections: recent.sections(to, 10),
      users: recent.users(to, 10),
      watched: (session ?? this.#empty).watched,
      unwatched: this.#empty.unwatched,
      alerts: this.#alerts,
      requests: session?.counts.requests ?? 0,
      left: this.#left,
      warning: this.#warning,
      wall: this.#options.wall
    }
  }

  /** Evaluates what is left, and returns a summary. */
  end(): string {
    this.#desk.end(Date.now())
    this.close()
    const { session, range } = this.#desk
    const iso = (second: number) => new Date(this.#options.wall(second * 1_000)).toISOString().slice(0, 19)
    const { requests, fired } = session?.counts ?? this.#empty.counts
    const when = range ? ` from ${iso(range.first)} to ${iso(range.last)}` : ''
    return [`${count(requests, 'request')}${when}`, ...this.#left, count(fired, 'alert')].join(', ')
  }

  close(): void {
    if (!this.#isClosed) this.#screen?.close()
    this.#isClosed = true
  }
  #isClosed = false
}
