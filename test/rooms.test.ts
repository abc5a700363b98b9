import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../cli/process.ts'

/** A room may import the rooms that stand below it in a list of its own, and no other. */
const page = [
  'src/routes',
  'src/lib/panels',
  'src/lib/state',
  'src/lib/push',
  'src/lib/local',
  'src/lib/device',
  'src/lib/ask',
  'src/lib/find',
  'src/lib/detect',
  'src/lib/alert',
  'src/lib/filter',
  'src/lib/verdict',
  'src/lib/star',
  'src/lib/parquet',
  'src/lib/engine',
  'src/lib/charts',
  'src/lib/format',
  'src/lib/time',
  'src/lib/sample',
  'src/lib/enrich',
  'src/lib/accept',
  'src/lib/schema'
]
const worker = [
  'workers/index.ts',
  'workers/admin.ts',
  'workers/annotations.ts',
  'workers/sites.ts',
  'workers/crawlers.ts',
  'workers/usage.ts',
  'workers/page.ts',
  'workers/ingest',
  'workers/watch',
  'workers/access',
  'workers/store',
  'workers/failure.ts',
  'workers/in-time.ts',
  'src/lib/alert',
  'src/lib/time',
  'src/lib/enrich',
  'src/lib/accept',
  'src/lib/schema'
]
const command = [
  'cli',
  'src/lib/alert',
  'src/lib/push',
  'src/lib/time',
  'src/lib/sample',
  'src/lib/enrich',
  'src/lib/accept',
  'src/lib/schema'
]

const lists = { 'src/': page, 'workers/': worker, 'cli/': command }
/** What stands beside the rooms: the entries that SvelteKit names. */
const entries = /^src\/(?:params\/)?[^/]+$/

const imported = /(?:from\s*|import\s*\(?\s*|new URL\(\s*)['"]((?:#lib|\.)[^'"\n]*?)(?:\?\w+)?['"]/g

const importsOf = (file: string): string[] =>
  Array.from(readFileSync(join(root, file), 'utf8').matchAll(imported), ([, path]) =>
    path!.startsWith('#lib') ? `src/lib${path!.slice(4)}` : normalize(join(dirname(file), path!))
  )

const placeIn = (rooms: readonly string[], file: string) =>
  rooms.findIndex((room) => file === room || file.startsWith(`${room}/`))

test.each(Object.entries(lists))('imports of %s go down', (folder, rooms) => {
  const files = globSync(`${folder}**/*.{ts,svelte}`, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !entries.test(file) && !file.endsWith('.d.ts'))
  expect(files.length).toBeGreaterThan(20)
  const homeless = files.filter((file) => placeIn(rooms, file) < 0)
  expect(homeless).toEqual([])
  const up = files.flatMap((file) =>
    importsOf(file)
      .filter((other) => /^(src\/lib|workers)\//.test(other))
      .filter((other) => !(placeIn(rooms, other) >= placeIn(rooms, file)))
      .map((other) => `${file} → ${other}`)
  )
  expect(up).toEqual([])
})
