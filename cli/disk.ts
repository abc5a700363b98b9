import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { root } from './process.ts'
import { kit } from './turn.ts'

/** A folder that is written to. */
export interface Place {
  /** What the folder is, as a sentence names it. */
  name: string
  folder: string
  /** Bytes that must fit. */
  room: number
  /** Where to write instead, as the end of a sentence. */
  instead: string
}

const mib = 1 << 20
const elsewhere = 'or use a checkout on another disk'

/** Where a build writes: the page twice, and the engine. */
export const buildPlace: Place = {
  name: 'the build',
  folder: kit,
  room: 64 * mib,
  instead: elsewhere
}

/** Where a start writes. */
export const placesOf = (data: string): Place[] => [
  { name: 'the data folder', folder: data, room: 4 * mib, instead: 'or choose another folder with --data' },
  { ...buildPlace, room: 4 * mib },
  { name: "the Worker's bundle", folder: join(root, '.wrangler'), room: 4 * mib, instead: elsewhere },
  { name: 'temporary files', folder: tmpdir(), room: 4 * mib, instead: 'or set TMPDIR to another folder' }
]

/** Throws with a sentence that names the disk where one of the places can't be written to. */
export function needRoom(...places: Place[]): void {
  for (const place of places) {
    const code = tryToWrite(existing(place.folder), place.room)
    if (code) throw new Error(refusal(code, place, diskOf(place.folder)))
  }
}

/** Says why a place on a disk can't be written to, by the code of the error, and what to do. */
export function refusal(code: string, { name, folder, room, instead }: Place, disk: string): string {
  const where = `The disk ${disk}, which holds ${name} (${folder}),`
  if (code === 'ENOSPC')
    return `${where} is full: ${room / mib} MiB do not fit. Free some space there, ${instead}.`
  if (code === 'EDQUOT')
    return `${where} takes no more from this user: the quota is used up. Free some space there, ${instead}.`
  if (code === 'EROFS') return `${where} is read-only. Mount it for writing, ${instead}.`
  if (code === 'EACCES' || code === 'EPERM')
    return `This user may not write to ${folder}, which holds ${name}. Change its owner or mode, ${instead}.`
  return `${where} can't be written to: ${code}. Check the disk, ${instead}.`
}

/** Writes a file of so many bytes to the disk and removes it; returns the code of the error, or null. */
function tryToWrite(folder: string, bytes: number): string | null {
  const file = join(folder, `.loggia-${process.pid}-${randomBytes(4).toString('hex')}`)
  try {
    const descriptor = openSync(file, 'wx')
    try {
      // Random, since some disks keep zeros in no room.
      for (let left = bytes; left > 0; left -= mib) writeFileSync(descriptor, randomBytes(mib))
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
      rmSync(file)
    }
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/** The folder, or the nearest one above it that is there. */
function existing(folder: string): string {
  const absolute = resolve(folder)
  return existsSync(absolute) ? absolute : existing(dirname(absolute))
}

/** Where the disk of a folder is mounted. */
function diskOf(folder: string): string {
  let disk = existing(folder)
  const { dev } = statSync(disk)
  while (dirname(disk) !== disk && statSync(dirname(disk)).dev === dev) disk = dirname(disk)
  return disk
}
