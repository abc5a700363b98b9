import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Verdict } from './history.ts'

/** To a thread: what it is to live through. */
export interface Order {
  seeds: number[]
  /** The safeguard that is missing; null where none is. */
  mutant: string | null
  /** Prints the story of each history. */
  isTold: boolean
}

/** Lives through the histories of some seeds on one thread; `heard` ends it by giving false. */
export function runSeeds(order: Order, heard: (verdict: Verdict) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(join(import.meta.dirname, 'thread.ts'), { workerData: order, execArgv: [] })
    thread.on('message', (verdict: Verdict) => {
      if (!heard(verdict)) void thread.terminate()
    })
    thread.on('error', reject)
    thread.on('exit', () => resolve())
  })
}

/** What came of many seeds. */
export interface Summary {
  seeds: number
  lines: number
  restarts: number
  violations: Verdict[]
}

/** Lives through the histories of seeds from `first` on, with all threads that the machine has. */
export async function simulate(first: number, count: number): Promise<Summary> {
  const summary: Summary = { seeds: 0, lines: 0, restarts: 0, violations: [] }
  const threads = Math.min(availableParallelism(), count)
  const all = Array.from({ length: count }, (_, i) => first + i)
  const heard = (verdict: Verdict) => {
    summary.seeds++
    summary.lines += verdict.lines
    summary.restarts += verdict.restarts
    if (verdict.violation !== null) summary.violations.push(verdict)
    return true
  }
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const seeds = all.filter((_, i) => i % threads === thread)
      return runSeeds({ seeds, mutant: null, isTold: false }, heard)
    })
  )
  return summary
}
