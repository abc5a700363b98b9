import type { Random } from './random.ts'

interface Event {
  time: number
  /** Decides between events of one moment. */
  order: number
  run: () => void
}

/** So many events are more than any history has: somebody goes round in circles. */
const mostEvents = 60_000

/** Lets every promise go on that can. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Virtual time: what happens next is the earliest event, and of several at once any. */
export class Schedule {
  now: number
  readonly #random: Random
  readonly #heap: Event[] = []
  #events = 0

  constructor(start: number, random: Random) {
    this.now = start
    this.#random = random
  }

  /** Runs `run` at a time, at the earliest now. */
  at(time: number, run: () => void): void {
    const heap = this.#heap
    const event = { time: Math.max(time, this.now), order: this.#random.next(), run }
    let place = heap.push(event) - 1
    while (place > 0) {
      const above = (place - 1) >> 1
      if (!isBefore(event, heap[above]!)) break
      heap[place] = heap[above]!
      place = above
    }
    heap[place] = event
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.at(this.now + ms, resolve))
  }

  /** Goes on to a time, event by event. */
  async runTo(time: number): Promise<void> {
    await settle()
    while (this.#heap.length && this.#heap[0]!.time <= time) {
      if (++this.#events > mostEvents) throw new Error(`does not come to rest in ${mostEvents} events`)
      const event = this.#take()
      this.now = event.time
      event.run()
      await settle()
    }
    this.now = time
  }

  #take(): Event {
    const heap = this.#heap
    const first = heap[0]!
    const last = heap.pop()!
    if (!heap.length) return first
    let place = 0
    for (;;) {
      let below = place * 2 + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++
      if (!isBefore(heap[below]!, last)) break
      heap[place] = heap[below]!
      place = below
    }
    heap[place] = last
    return first
  }
}

const isBefore = (a: Event, b: Event) => a.time < b.time || (a.time === b.time && a.order < b.order)
