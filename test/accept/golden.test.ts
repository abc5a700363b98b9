import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { acceptText, hitsOf, show } from './show.ts'

const folder = new URL('fixtures/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.body'))
const write = 'npm test -- test/accept/golden.test.ts -u'

it.each(names)('%s', async (name) => {
  const accepted = acceptText(readFileSync(new URL(name, folder)))
  const { received, hits, refusals } = accepted
  const want = { received, sites: [...hits.keys()], hits: hitsOf(accepted).map(show), refusals }
  const golden = `fixtures/${name.replace('.body', '.want')}`
  const isThere = existsSync(new URL(golden, import.meta.url))
  try {
    await expect(JSON.stringify(want, null, 2) + '\n').toMatchFileSnapshot(golden)
  } catch (error) {
    if (isThere) throw error
    throw new Error(`${golden} is missing. Write it with \`${write}\` and read it before you commit it.`, {
      cause: error
    })
  }
})
