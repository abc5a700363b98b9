import type { Query } from '#lib/ask/query.ts'
import { checkStatement } from '#lib/engine/statement.ts'
import type { Device } from '#lib/device/device.ts'
import type { Selection } from '#lib/filter/filter.ts'
import type { Timing } from '#lib/time/buckets.ts'
import { builtIn } from './built-in.ts'
import { Cell, type Result } from './cell.svelte.ts'
import { columnOf } from './column.ts'
import { keep, readKept } from './kept.ts'
import { readMistake } from './mistake.ts'
import { Past } from './past.svelte.ts'
import { readRows } from './readable.ts'
import { countOf, type Sort } from './statement.ts'

/** What a question is asked of. */
export interface Asked {
  readonly device: Device
  readonly selection: Selection
  readonly timing: Timing
  /** Hits of the period are not on the device yet. */
  readonly isPart: boolean
}

/** Rows are counted up to so many. */
export const mostCounted = 100_000
const memorySql = 'SELECT sum(memory_usage_bytes)::DOUBLE AS bytes FROM duckdb_memory()'
const isText = (value: unknown): value is string => typeof value === 'string'

/** The cells of a site's SQL page, which ask on a connection of their own, one after the other. */
export class Cells {
  list = $state.raw<readonly Cell[]>([])
  /** The cell that was last worked in. */
  current = $state.raw<Cell | null>(null)
  removed = $state.raw<{ cell: Cell; at: number } | null>(null)
  readonly past: Past
  readonly #key: string
  readonly #asked: () => Asked | null
  #device: Device | null = null
  #connection: Promise<Query> | null = null
  #queue: Promise<unknown> = Promise.resolve()
  #isCounting = false
  #running: Cell | null = null

  /** `asked` gives what to ask of now; null while nothing can be asked. */
  constructor(site: string, asked: () => Asked | null) {
    this.#key = `cells:${site}`
    this.#asked = asked
    this.past = new Past(site)
    const kept = readKept(this.#key, isText)
    this.list = (kept.length ? kept : [builtIn[0]!.sql]).map((sql) => new Cell(sql))
    this.current = this.list[0]!
  }

  /** Adds a cell after another, or at the end. */
  add(sql = '', after: Cell | null = null): Cell {
    const cell = new Cell(sql)
    const at = after ? this.list.indexOf(after) + 1 : this.list.length
    this.list = this.list.toSpliced(at, 0, cell)
    this.current = cell
    this.keep()
    return cell
  }

  remove(cell: Cell) {
    this.cancel(cell)
    const at = this.list.indexOf(cell)
    this.removed = { cell, at }
    this.list = this.list.toSpliced(at, 1)
    this.current = this.list[Math.min(at, this.list.length - 1)] ?? null
    this.keep()
  }

  undo() {
    if (!this.removed) return
    this.list = this.list.toSpliced(this.removed.at, 0, this.removed.cell)
    this.current = this.removed.cell
    this.removed = null
    this.keep()
  }

  move(cell: Cell, by: -1 | 1) {
    const at = this.list.indexOf(cell)
    const to = at + by
    if (to < 0 || to >= this.list.length) return
    this.list = this.list.toSpliced(at, 1).toSpliced(to, 0, cell)
    this.keep()
  }

  keep = () =>
    keep(
      this.#key,
      this.list.map(({ sql }) => sql)
    )

  runAll() {
    for (const cell of this.list) void this.run(cell)
  }

  /** Runs a cell after those that run before it. */
  run(cell: Cell, sort: Sort | null = null): Promise<void> {
    const turn = ++cell.turn
    if (this.#running === cell) void this.#stop()
    cell.state = 'waiting'
    cell.startedAt = Date.now()
    const done = this.#queue.then(async () => {
      if (turn !== cell.turn) return
      this.#running = cell
      await this.#run(cell, turn, sort)
      this.#running = null
    })
    this.#queue = done.catch(() => {})
    return done
  }

  cancel(cell: Cell) {
    if (!cell.isBusy) return
    cell.turn++
    cell.state = 'canceled'
    this.past.add({
      sql: cell.sql,
      at: Date.now(),
      outcome: 'canceled',
      rows: 0,
      isCut: false,
      ms: Date.now() - cell.startedAt
    })
    if (this.#running === cell) void this.#stop()
  }

  /** Asks a question of ours beside the cells; null while nothing can be asked. */
  async look(sql: string): Promise<Record<string, unknown>[] | null> {
    const asked = this.#asked()
    if (!asked) return null
    const query = await this.#open(asked)
    if (!this.#running) await query.select(asked.selection, asked.timing)
    return query.ask(sql)
  }

  /** All rows of the last result of a cell, up to the most that are ever counted. */
  async whole({ result }: Cell): Promise<Result | null> {
    const asked = this.#asked()
    if (!result?.isCut || !asked) return result
    const query = await this.#open(asked)
    const { rows } = await readRows((sql) => query.answerOnce(sql), result.sql, mostCounted, result.sort)
    return { ...result, rows: rows.slice(0, mostCounted), isCut: rows.length > mostCounted }
  }

  close() {
    for (const cell of this.list) cell.turn++
    void this.#stop()
  }

  async #stop() {
    await (await this.#connection)?.cancel()
  }

  async #run(cell: Cell, turn: number, sort: Sort | null) {
    const { sql, limit } = cell
    let started = performance.now()
    const note = { sql, rows: 0, isCut: false }
    const since = () => Math.round(performance.now() - started)
    cell.mistake = null
    try {
      checkStatement(sql)
      const asked = await this.#ready(() => turn === cell.turn)
      if (!asked) return
      cell.state = 'running'
      cell.startedAt = Date.now()
      const query = await this.#open(asked)
      if (this.#isCounting) await query.cancel()
      await query.select(asked.selection, asked.timing)
      if (turn !== cell.turn) return
      started = performance.now()
      const answer = await readRows((question) => query.answerOnce(question), sql, limit, sort)
      const ms = since()
      const memory = await query.answerOnce(memorySql).then(
        ({ rows }) => Number(rows[0]?.[0]),
        () => null
      )
      if (turn !== cell.turn) return
      const isCut = answer.rows.length > limit
      const rows = isCut ? answer.rows.slice(0, limit) : answer.rows
      const selection = JSON.stringify(asked.selection)
      cell.result = {
        sql,
        columns: answer.columns.map(columnOf),
        rows,
        limit,
        isCut,
        sort,
        at: Date.now(),
        ms,
        memory,
        selection,
        isPart: asked.isPart
      }
      cell.total = isCut ? null : rows.length
      cell.state = 'done'
      this.past.add({ ...note, at: Date.now(), outcome: 'done', rows: rows.length, isCut, ms })
      if (isCut) void this.#count(query, cell, turn)
    } catch (error) {
      if (turn !== cell.turn) return
      const isCanceled = error instanceof Error && error.name === 'Superseded'
      cell.state = isCanceled ? 'canceled' : 'failed'
      if (!isCanceled) cell.mistake = readMistake(error, sql)
      this.past.add({ ...note, at: Date.now(), outcome: cell.state, ms: since() })
    }
  }

  /** Counts the rows that are not shown, unless something else is run. */
  async #count(query: Query, cell: Cell, turn: number) {
    this.#isCounting = true
    try {
      const { rows } = await query.answerOnce(countOf(cell.result!.sql, mostCounted))
      if (turn === cell.turn) cell.total = Number(rows[0]?.[0])
    } catch {
      // It stays unknown how many there are.
    }
    this.#isCounting = false
  }

  /** Waits until something can be asked; null if nobody waits for it anymore. */
  async #ready(isWanted: () => boolean): Promise<Asked | null> {
    for (let asked; isWanted(); await new Promise((resolve) => setTimeout(resolve, 100)))
      if ((asked = this.#asked())) return asked
    return null
  }

  #open({ device }: Asked): Promise<Query> {
    if (device !== this.#device) {
      this.#device = device
      this.#connection = device.connect().then((query) => Object.assign(query, { canAlwaysStop: true }))
    }
    return this.#connection!
  }
}
