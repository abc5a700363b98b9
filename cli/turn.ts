import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { waitForLock } from './lock.ts'
import { root } from './process.ts'

/** The folder for files that this checkout generates. */
export const kit = join(root, '.svelte-kit')

/** Runs `work`, which changes the checkout's packages or its build. Only one process does so at a time; others wait. */
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
