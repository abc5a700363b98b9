import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'
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
