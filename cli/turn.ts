import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { waitForLock } from './lock.ts'
import { root } from './process.ts'

/** Kit's folder, for what is made of this checkout. */
export const kit = join(root, '.svelte-kit')

/** Does work that changes the checkout's packages or its build: one process after the other, whichever asks. */
export async function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
  mkdirSync(kit, { recursive: true })
  const release = await waitForLock(join(kit, 'lock'), () =>
    console.log('Waiting for another start or build of this checkout …')
  )
  try {
    return await work()
  } finally {
    release()
  }
}
