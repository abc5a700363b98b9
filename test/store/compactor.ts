import { capture } from '../../cli/process.ts'
import { compact } from '../../workers/store/compaction.ts'
import { planCompactions } from '../../workers/store/compaction-plan.ts'
import { candidates } from '../../workers/store/manifest.ts'
import { surroundingsIn } from './folder.ts'

/** What compacting took; memory is in bytes, `idle` before and `peak` at most. */
export interface Compacted {
  rows: number
  seconds: number
  idle: number
  peak: number
}

/** A heap as an isolate of 128 MB may have it beside what it holds outside of it. */
const heap = ['--max-old-space-size=72', '--max-semi-space-size=4']

/** Merges what can be merged in a folder at a time, in a process of its own whose heap is bounded. */
export async function compactApart(folder: string, now: number): Promise<Compacted> {
  const flags = ['--no-warnings', '--expose-gc', ...heap]
  const { code, output } = await capture(process.execPath, [
    ...flags,
    import.meta.filename,
    folder,
    String(now)
  ])
  if (code !== 0) throw new Error(`compaction ended with ${code}\n${output}`)
  return JSON.parse(output) as Compacted
}

async function compactHere(folder: string, now: number): Promise<Compacted> {
  const { around, storage } = surroundingsIn(folder, now)
  globalThis.gc?.()
  const idle = process.memoryUsage.rss()
  const start = performance.now()
  let rows = 0
  for (const compaction of planCompactions(candidates(storage), around.now())) {
    await compact(around, compaction)
    rows += compaction.parents.reduce((sum, part) => sum + part.rows, 0)
  }
  const seconds = (performance.now() - start) / 1_000
  return { rows, seconds, idle, peak: process.resourceUsage().maxRSS * 1_024 }
}

if (import.meta.main) {
  const [folder, now] = process.argv.slice(2)
  console.log(JSON.stringify(await compactHere(folder!, Number(now))))
}
