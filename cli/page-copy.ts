import { copyFileSync, existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from './lock.ts'
import { kit } from './turn.ts'

/** The copies of this checkout. */
export const pageCopies = join(kit, 'served')

/** A page that no later build changes. */
export interface PageCopy {
  folder: string
  /** Lets the next copy remove this one. */
  release(): void
}

/**
 * Copies a built page into a new folder under `copies`, and removes the copies of servers that have ended. A build deletes
 * the files of the page first, so a server must not read them in place. The caller holds the turn (`turn.ts`).
 */
export function copyPage(page: string, copies: string): PageCopy {
  mkdirSync(copies, { recursive: true })
  for (const name of readdirSync(copies)) removeUnheld(join(copies, name))
  const copy = mkdtempSync(join(copies, 'page-'))
  const release = takeLock(lockOf(copy))!
  const folder = join(copy, 'page')
  link(page, folder)
  return { folder, release }
}

/** True while a server has one of the copies. */
export const isServed = (copies: string): boolean =>
  existsSync(copies) && readdirSync(copies).some((name) => isHeld(join(copies, name)))

function isHeld(copy: string): boolean {
  const release = takeLock(lockOf(copy))
  release?.()
  return release === null
}

const lockOf = (copy: string) => join(copy, 'lock')

function removeUnheld(copy: string): void {
  const release = takeLock(lockOf(copy))
  if (!release) return
  rmSync(copy, { recursive: true })
  release()
}

/** Links take no room. */
function link(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) link(source, target)
    else linkFile(source, target)
  }
}

function linkFile(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    // Some file systems have no links.
    copyFileSync(from, to)
  }
}
