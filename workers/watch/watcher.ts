import { wallBy, type Watched } from '#lib/alert/watched.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import type { Away, Notice } from '#lib/schema/away.ts'
import { DurableObject } from 'cloudflare:workers'
import { directoryOf } from '../access/reach.ts'
import { keepOperations, Meter, readOperations } from '../store/operations.ts'
import { randomName, storageOf } from '../store/platform.ts'
import type { Storage } from '../store/storage.ts'
import { asksOf, type Counting } from '../store/tally.ts'
import * as outbox from './outbox.ts'
import { send, type Answer, type Sender } from './send.ts'
import { step, type KeptRule, type AlertChange } from './step.ts'
import schema from './watcher.sql'

/** Seconds until a request is here, as in a page. */
const delay = 5
/** Hits that wait to be flushed keep a rule from being evaluated: it is tried again after so long, ms. */
const again = 30_000
/** Calls and alarms are written down this often. */
const keptEvery = 20

/**
 * Watches the rules of a site while no page is open, and sends what fires. It has only the counts that the site's
 * `HitBuffer` gives it, so that an output which does not answer keeps no batch waiting.
 */
export class Watcher extends DurableObject<Env> {
  readonly #meter = new Meter()
  readonly #storage: Storage
  #alarm: number | null = null
  /** The key of the installation, once it was asked for. */
  #key: Promise<JsonWebKey> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#storage = storageOf(ctx, this.#meter)
    void ctx.blockConcurrencyWhile(async () => {
      this.#storage.sql(schema)
      this.#alarm = await ctx.storage.getAlarm()
    })
  }

  /** Watches these rules from now on. One that is known and counts the same goes on from what was seen. */
  async watch(site: string, watched: Watched, origin: string): Promise<void> {
    this.#count('request')
    const storage = this.#storage
    storage.transaction(() => {
      this.#write('site', site)
      this.#write('origin', origin)
      this.#write('zone', JSON.stringify(watched.zone))
      const ids = JSON.stringify(watched.rules.map(({ id }) => id))
      storage.sql('delete from rule where id not in (select value from json_each(?))', ids)
      for (const rule of watched.rules)
        storage.sql(
          `insert into rule (id, rule, next) values (?, ?, 0)
           on conflict do update set rule = excluded.rule, problem = null, next = 0`,
          rule.id,
          JSON.stringify(rule)
        )
    })
    await this.#arm()
  }

  /** Takes what flushes have counted, and evaluates the rules. Counts that it was given before change nothing. */
  async take({ counts, until }: Counting): Promise<void> {
    this.#count('request')
    this.#take({ counts, until })
    await this.#arm()
  }

  status(): Away {
    this.#count('request')
    const storage = this.#storage
    const until = this.#read<number>('until')
    const rules = storage
      .sql<Omit<RuleRow, 'next'>>('select id, rule, kept, problem from rule')
      .map(({ id, rule, kept, problem }) => ({
        id,
        title: (JSON.parse(rule) as AlertRule).title,
        problem,
        until: kept === null || until === null ? null : until * 1_000,
        isFiring: kept !== null && readKept(kept).open.length > 0
      }))
    return {
      rules,
      outputs: outbox.listOutputs(storage),
      events: outbox.listEvents(storage),
      operations: readOperations(storage, this.#meter, Date.now())
    }
  }

  /** Adds an output; null if there are too many. */
  addOutput(site: string, origin: string, output: Omit<outbox.Output, 'id'>): string | null {
    this.#count('request')
    // A browser that subscribes again is the same one.
    if (output.kind === 'push') outbox.removeByUrl(this.#storage, output.url)
    if (outbox.countOutputs(this.#storage) >= mostOutputs) return null
    const id = randomName()
    this.#write('site', site)
    this.#write('origin', origin)
    outbox.addOutput(this.#storage, { ...output, id }, Date.now())
    return id
  }

  removeOutput(id: string): boolean {
    this.#count('request')
    return outbox.removeOutput(this.#storage, id)
  }

  /** Sends a test to an output; null if there is no such output. */
  async sendTest(id: string): Promise<Answer | null> {
    this.#count('request')
    const output = outbox.findOutput(this.#storage, id)
    if (!output) return null
    const answer = await send(output, this.#testNotice(), this.#sender)
    outbox.noteAnswer(this.#storage, id, null, answer, Date.now())
    return answer
  }

  override async alarm(): Promise<void> {
    this.#alarm = null
    this.#count('alarm')
    let pause = 1_000
    try {
      await this.#look()
      const due = outbox.takeDue(this.#storage, Date.now())
      await Promise.all(
        [...Map.groupBy(due, ({ output }) => output.id).values()].map((own) => this.#send(own))
      )
    } catch (error) {
      console.error(JSON.stringify({ step: 'watch', site: this.#read('site'), error: String(error) }))
      pause = again
    }
    this.#alarm = null
    await this.#arm(Date.now() + pause)
  }

  /** One after the other, so that an output hears first that a rule fires, then that it recovered. */
  async #send(due: readonly outbox.Due[]): Promise<void> {
    for (const { event, output, notice } of due) {
      const answer = await send(output, notice, this.#sender)
      outbox.noteAnswer(this.#storage, output.id, event, answer, Date.now())
    }
  }

  /** Asks the site for counts where time alone may change a rule: what waits to be flushed is not silence. */
  async #look(): Promise<void> {
    const site = this.#read<string>('site')
    const due = this.#nextRule()
    if (site === null || due === null || due > Date.now()) return
    const buffer = this.env.HIT_BUFFER.get(this.env.HIT_BUFFER.idFromName(site))
    for (let more = true; more;) {
      const counting = await buffer.counts(this.#taken())
      this.#take(counting)
      more = counting.until === null
    }
  }

  #take({ counts, until }: Counting): void {
    const storage = this.#storage
    const now = Date.now()
    storage.transaction(() => {
      const taken = new Set(this.#taken())
      const fresh = counts.filter(({ id }) => !taken.has(id))
      if (counts.length) this.#write('taken', JSON.stringify(counts.map(({ id }) => id)))
      const last = this.#read<number>('until')
      const to = until === null ? last : Math.max(last ?? 0, Math.floor(until / 1_000) - delay)
      if (to === null) return
      if (to !== last) this.#write('until', to)
      const wall = wallBy(JSON.parse(this.#read<string>('zone') ?? '"UTC"') as string | number)
      for (const row of storage.sql<RuleRow>('select id, rule, kept, problem, next from rule')) {
        const rule = JSON.parse(row.rule) as AlertRule
        const own = fresh.filter((one) => one.rule === row.id && one.asks === asksOf(rule))
        const problem = own.find((one) => one.problem !== null)?.problem ?? (own.length ? null : row.problem)
        const before = row.kept === null ? null : readKept(row.kept)
        const { kept, changes, next } = step(rule, before, own, { from: last ?? to, to }, wall)
        for (const one of changes) outbox.post(storage, this.#noticeOf(rule, one), now)
        const isIdle = before !== null && !own.length && !changes.length && isEmpty(kept) && isEmpty(before)
        if (isIdle && next === row.next && problem === row.problem) continue
        storage.sql(
          'update rule set kept = ?, problem = ?, next = ? where id = ?',
          JSON.stringify(kept),
          problem,
          next,
          row.id
        )
      }
    })
  }

  #noticeOf(rule: AlertRule, { is, spell }: AlertChange): Notice {
    const { id, title, metric, comparator, threshold, window, severity, labels } = rule
    return {
      id: randomName(),
      is,
      site: this.#read<string>('site') ?? '',
      rule: { id, title, metric, comparator, threshold, window, severity, labels },
      value: spell.value,
      fired: spell.fired!,
      until: spell.until,
      url: `${this.#url}#rule=${id}`
    }
  }

  #testNotice(): Notice {
    const now = Math.floor(Date.now() / 1_000)
    const rule = {
      id: 'test',
      title: 'Test',
      metric: 'rate',
      comparator: 'above',
      threshold: 0,
      window: 1,
      severity: 'info',
      labels: []
    } as const
    const site = this.#read<string>('site') ?? ''
    return { id: randomName(), is: 'test', site, rule, value: 0, fired: now, until: null, url: this.#url }
  }

  get #url(): string {
    const site = encodeURIComponent(this.#read<string>('site') ?? '')
    return `${this.#read<string>('origin') ?? ''}/s/${site}/alerts`
  }

  /** Asked of the Directory once; again if that failed. */
  #pushKey(): Promise<JsonWebKey> {
    if (this.#key) return this.#key
    const key = directoryOf(this.env).pushKey()
    key.catch(() => (this.#key = null))
    return (this.#key = key)
  }

  get #sender(): Sender {
    return {
      isLocal: Boolean(this.env.LOGGIA_EMBEDDED),
      key: () => this.#pushKey()
    }
  }

  /** Ids of the counts that came last: only these can come again. */
  #taken(): string[] {
    return JSON.parse(this.#read<string>('taken') ?? '[]') as string[]
  }

  /** When a rule is to be evaluated next, ms since 1970; null if only counts change one. */
  #nextRule(): number | null {
    const [row] = this.#storage.sql<{ next: number | null }>('select min(next) as next from rule')
    return row!.next === null ? null : (row!.next + delay) * 1_000
  }

  /** Sets the alarm for what is next, unless it rings before anyway. */
  async #arm(soonest = 0): Promise<void> {
    const rule = this.#nextRule() ?? Infinity
    const look = rule > Date.now() ? rule : Date.now() + (this.#isEvaluated ? again : 0)
    const time = Math.max(Math.min(look, outbox.nextDue(this.#storage) ?? Infinity), soonest)
    if (time === Infinity || (this.#alarm !== null && this.#alarm <= time)) return
    this.#alarm = time
    await this.ctx.storage.setAlarm(time)
  }

  /** False while a rule was not looked at since it was saved. */
  get #isEvaluated(): boolean {
    return !this.#storage.sql('select id from rule where next = 0').length
  }

  #count(call: 'request' | 'alarm'): void {
    this.#meter.add(call)
    const { counts } = this.#meter
    if ((counts.get('request') ?? 0) + (counts.get('alarm') ?? 0) < keptEvery) return
    keepOperations(this.#storage, this.#meter, Date.now())
  }

  #read<Value extends string | number>(name: string): Value | null {
    return (
      this.#storage.sql<{ value: Value }>('select value from state where name = ?', name)[0]?.value ?? null
    )
  }

  #write(name: string, value: string | number): void {
    this.#storage.sql('insert or replace into state (name, value) values (?, ?)', name, value)
  }
}

const mostOutputs = 20

interface RuleRow {
  id: string
  rule: string
  kept: string | null
  problem: string | null
  next: number | null
}

/** An earlier version gave two members other names; in a text of JSON their quotes would be escaped. */
const readKept = (text: string) =>
  JSON.parse(text.replaceAll('"told":', '"reported":').replaceAll('"isTold":', '"isNotified":')) as KeptRule

/** Nothing stands in the window, and nothing fires. */
const isEmpty = ({ monitor, open }: KeptRule) =>
  !monitor.rows.length && !open.length && !monitor.reported.length
