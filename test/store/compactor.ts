import { capture } from '../../cli/process.ts'
import { compact } from '../../workers/store/compaction.ts'
import { planCompactions } from '../../workers/store/compaction-plan.ts'
import { candidates } from '../../workers/store/manifest.ts'
import { surroundingsIn } from './folder.ts'

/**
 * What compacting took, in bytes: `peak` of memory over what it was before, with what waits for the collector, and
 * `held` of it at most when that has just been, where it is watched.
 */
export interface Compacted {
  rows: number
  seconds: number
  peak: number
  held: number
}

/** A heap as an isolate of 128 MB may have it beside what it holds outside of it. */
const heap = ['--max-old-space-size=72', '--max-semi-space-size=4']

/** It is collected at every so many pauses where it is watched: of a row group's 45 columns each comes in its turn. */
const watched = 17

/** Merges what can be merged in a folder at a time, in a process of its own whose heap is bounded. */
export async function compactApart(folder: string, now: number, isWatched = false): Promise<Compacted> {
  const flags = ['--no-warnings', '--expose-gc', ...heap]
  const { code, output } = await capture(process.execPath, [
    ...flags,
    import.meta.filename,
    folder,
    String(now),
    isWatched ? 'watched' : ''
  ])
  if (code !== 0) throw new Error(`compaction ended with ${code}\n${output}`)
  return JSON.parse(output) as Compacted
}

async function compactHere(folder: string, now: number, isWatched: boolean): Promise<Compacted> {
  const { around, storage } = surroundingsIn(folder, now)
  const live = () => {
    globalThis.gc!()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const before = live()
  const idle = process.memoryUsage.rss()
  let [pauses, held] = [0, 0]
  if (isWatched)
    around.pause = async () => {
      if (++pauses % watched === 0) held = Math.max(held, live() - before)
    }
  const start = performance.now()
  let rows = 0
  for (const compaction of planCompactions(candidates(storage), around.now())) {
    await compact(around, compaction)
    rows += compaction.parents.reduce((sum, part) => sum + part.rows, 0)
  }
  const seconds = (performance.now() - start) / 1_000
  return { rows, seconds, peak: process.resourceUsage().maxRSS * 1_024 - idle, held }
}

if (import.meta.main) {
  const [folder, now, mode] = process.argv.slice(2)
  console.log(JSON.stringify(await compactHere(folder!, Number(now), mode === 'watched')))
}
