import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const busy = 5
const pause = 200

/** Node closes a database that nobody refers to, and its lock would go with it. */
const held = new Set<DatabaseSync>()

/**
 * Takes the lock of a file, which is made where it is missing, and returns what releases it; null while somebody holds it.
 * SQLite locks by the kernel, which releases the lock when the process ends, however it ends. Node has no other such lock.
 */
export function takeLock(file: string): (() => void) | null {
  const database = new DatabaseSync(file)
  try {
    // Not exclusive: two that ask in the same instant could both fail.
    database.exec('pragma journal_mode = off; begin immediate')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === busy) return null
    throw error
  }
  held.add(database)
  return () => {
    if (held.delete(database)) database.close()
  }
}

/** Takes the lock of a file as soon as it is free, and returns what releases it; calls `onWait` where it is not free at once. */
export async function waitForLock(file: string, onWait: () => void): Promise<() => void> {
  for (let isWaiting = false; ; isWaiting = true) {
    const release = takeLock(file)
    if (release) return release
    if (!isWaiting) onWait()
    await sleep(pause)
  }
}
