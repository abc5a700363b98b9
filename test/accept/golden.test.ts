import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { acceptText, hitsOf, show } from './show.ts'

const folder = new URL('fixtures/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.body'))

// A changed golden file is read before it is committed: `vitest -u` writes what the code says.
it.each(names)('%s', async (name) => {
  const accepted = acceptText(readFileSync(new URL(name, folder)))
  const { received, hits, refusals } = accepted
  const want = { received, sites: [...hits.keys()], hits: hitsOf(accepted).map(show), refusals }
  await expect(JSON.stringify(want, null, 2) + '\n').toMatchFileSnapshot(
    `fixtures/${name.replace('.body', '.want')}`
  )
})
