import type { Device } from '#lib/device/device.ts'
import type { Member } from '#lib/filter/member.ts'
import type { Selection } from '#lib/filter/filter.ts'
import { asError } from '#lib/state/session.svelte.ts'
import type { Timing } from '#lib/time/buckets.ts'
import type { ExportFormat } from './export-formats.ts'
import { pagesOf, type Exported } from './pages.ts'
import { streamOf, type Place } from './save-stream.ts'

const countSql = `SELECT count(*)::DOUBLE AS lines FROM logged('', 'now')`

/** What is exported, and how. */
interface Order {
  device: Device
  selection: Selection
  timing: Timing
  format: ExportFormat
  isGzip: boolean
  /** Keys of `extra` that get a column of their own. */
  members: readonly Member[]
  place: Place
}

/** An export of the selection as it was when it began, on a connection of its own. Memory holds a page of it. */
export class Exporting {
  /** Lines written so far, and of how many; null while nothing is exported. */
  progress = $state.raw<{ done: number; total: number } | null>(null)
  error = $state.raw<Error | null>(null)
  /** Lines of the export that ended last. */
  ended = $state<number | null>(null)
  #stop = new AbortController()

  async run({ device, selection, timing, format, isGzip, members, place }: Order): Promise<void> {
    const { signal } = (this.#stop = new AbortController())
    this.error = this.ended = null
    this.progress = { done: 0, total: 0 }
    const query = await device.connect()
    const pages = async function* (this: Exporting) {
      await query.select(selection, timing)
      const [counted] = await query.once<{ lines: number }>(countSql)
      const total = counted?.lines ?? 0
      let done = 0
      for await (const page of pagesOf((sql) => query.once<Exported>(sql), selection, total)) {
        signal.throwIfAborted()
        yield page
        done += page.length
        this.progress = { done, total }
      }
    }
    try {
      const bytes = streamOf(format.encode(pages.call(this), members))
      await place(isGzip ? bytes.pipeThrough(new CompressionStream('gzip')) : bytes, signal)
      this.ended = this.progress.done
    } catch (error) {
      if (!signal.aborted) this.error = asError(error)
    }
    this.progress = null
    await query.close().catch(() => {})
  }

  cancel = () => this.#stop.abort()
}
