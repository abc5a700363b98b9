import { count } from '../count.ts'

/** The rate is that of the last seconds: a part of a log that was sent before is passed in no time. */
const memory = 20_000

interface Sample {
  at: number
  bytes: number
  lines: number
}

/** How far a push has come. Times are ms of any clock. */
export class Progress {
  readonly #began: number
  /** Bytes of all sources as they lie; null if one has no known size. */
  #total: number | null = null
  #files = { done: 0, all: 0 }
  #bytes = 0
  #lines = 0
  #samples: Sample[] = []

  constructor(now: number) {
    this.#began = now
    this.#samples.push({ at: now, bytes: 0, lines: 0 })
  }

  expect(files: number, bytes: number | null): void {
    this.#files.all = files
    this.#total = bytes
  }

  finishFile(): void {
    this.#files.done++
  }

  read(bytes: number, now: number): void {
    this.#bytes += bytes
    this.#note(now)
  }

  /** Notes lines that the Worker has answered for. */
  answer(lines: number, now: number): void {
    this.#lines += lines
    this.#note(now)
  }

  #note(at: number): void {
    const last = this.#samples.at(-1)!
    if (this.#samples.length > 1 && at - last.at < 250) this.#samples.pop()
    this.#samples.push({ at, bytes: this.#bytes, lines: this.#lines })
    while (this.#samples.length > 2 && at - this.#samples[1]!.at > memory) this.#samples.shift()
  }

  /** Units a second, over the last seconds. */
  #rate(unit: 'bytes' | 'lines', now: number): number {
    const [first] = this.#samples
    const current = unit === 'bytes' ? this.#bytes : this.#lines
    return ((current - first![unit]) * 1000) / Math.max(now - first!.at, 1)
  }

  /** Seconds until all is read; null if nobody knows. */
  remaining(now: number): number | null {
    const rate = this.#rate('bytes', now)
    return this.#total === null || rate <= 0 ? null : Math.max(this.#total - this.#bytes, 0) / rate
  }

  /** One line for a terminal. */
  line(now: number): string {
    const remaining = this.remaining(now)
    const { done, all } = this.#files
    return [
      ...(all > 1 ? [`${done} of ${all} files`] : []),
      this.#total === null ? sizeOf(this.#bytes) : `${sizeOf(this.#bytes)} of ${sizeOf(this.#total)}`,
      count(this.#lines, 'line'),
      `${count(Math.round(this.#rate('lines', now)), 'line')}/s`,
      ...(remaining === null ? [] : [`${spell(remaining)} left`])
    ].join(' · ')
  }

  /** What was done in all. */
  summary(now: number): string {
    return `${count(this.#files.done, 'log')} in ${spell((now - this.#began) / 1000)}`
  }
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** Bytes as a person reads them. */
export function sizeOf(bytes: number): string {
  const unit = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1)
  const value = bytes / 1000 ** unit
  return `${unit > 0 && value < 99.5 ? value.toPrecision(2) : Math.round(value)} ${units[unit]}`
}

/** Seconds as a person reads them: "40 s", "3 min", "2 h 5 min". */
export function spell(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
