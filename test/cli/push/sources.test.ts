import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { localSources } from '../../../cli/push/sources.ts'

it('a folder stands for its files in the order of their numbers, without what is hidden or refused', () => {
  // The folder itself may be hidden.
  const folder = mkdtempSync(join(tmpdir(), '.loggia-sources-'))
  for (const name of ['shop', '.local/state/loggia', 'shop/.snapshot'])
    mkdirSync(join(folder, name), { recursive: true })
  const files = [
    'access.log',
    'access.log.10.gz',
    'access.log.2.gz',
    'access.log.refused',
    '.access.log.swp',
    '.local/state/loggia/push.db',
    'shop/access.log',
    'shop/.snapshot/access.log'
  ]
  for (const file of files) writeFileSync(join(folder, file), '')
  const names = localSources(folder).map(({ name }) => relative(folder, name))
  expect(names).toEqual(['access.log', 'access.log.2.gz', 'access.log.10.gz', 'shop/access.log'])
  rmSync(folder, { recursive: true })
})

it('a file that was just written may grow, unless it is compressed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-sources-'))
  writeFileSync(join(folder, 'access.log'), 'a line without an end')
  writeFileSync(join(folder, 'access.log.1.gz'), gzipSync('a line without an end'))
  const opened = await Promise.all(localSources(folder).map((source) => source.open(null)))
  expect(opened).toMatchObject([{ isGrowing: true }, { isGrowing: false }])
  for (const log of opened)
    if (typeof log !== 'string') for await (const chunk of log.chunks) expect(chunk.length).toBeGreaterThan(0)
  rmSync(folder, { recursive: true })
})
