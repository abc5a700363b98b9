import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from './lock.ts'
import { birthOf, membersOf } from './process-table.ts'

/** A process that is meant, and no later one with its pid. */
interface Born {
  pid: number
  birth: string | null
}

/** What a server writes into its data folder for the next one to read. */
interface Holder {
  starter: Born
  /** The leader of the server's process group, which may outlive the starter. */
  server?: Born
  /** The folder's own number: in a copy of the folder, this file tells of somebody else. */
  inode: number
  url: string
  /** ISO 8601. */
  since: string
}

/** A data folder that no other server writes to. */
interface Folder {
  /** Notes the group of the server's processes: the folder stays claimed while one of them lives. */
  note(group: number): void
  release(): void
}

/** Claims a data folder for a server at `url`; throws with who holds it while another server does. */
export function claimFolder(folder: string, url: string): Folder {
  const release = takeLock(join(folder, 'lock'))
  const last = readHolder(folder)
  if (!release) throw new Error(refusal(folder))
  if (last && membersOfServer(last).length > 0) {
    release()
    throw new Error(refusal(folder))
  }
  const holder = {
    starter: born(process.pid),
    inode: inodeOf(folder),
    url,
    since: new Date().toISOString()
  }
  try {
    write(folder, holder)
  } catch (error) {
    release()
    throw error
  }
  let isHeld = true
  return {
    note: (group) => write(folder, { ...holder, server: born(group) }),
    release: () => {
      // A second time, the file could be the next server's.
      if (isHeld) rmSync(fileIn(folder), { force: true })
      if (isHeld) release()
      isHeld = false
    }
  }
}

/** Who holds a data folder, and how to end it; null where nobody does. */
export function describeHolder(folder: string): string | null {
  const holder = readHolder(folder)
  if (!holder) return null
  const { starter, server, url } = holder
  const since = `${holder.since.slice(0, 16).replace('T', ' ')} UTC`
  if (birthOf(starter.pid) === starter.birth)
    return `Loggia at ${url} (process ${starter.pid}, since ${since}). To end it: kill ${starter.pid}`
  const left = membersOfServer(holder).map(({ pid }) => pid)
  if (left.length === 0) return null
  return `Loggia at ${url} (since ${since}; its start, process ${starter.pid}, has ended, and left ${left.join(', ')}). To end it: kill -9 -- -${server?.pid}`
}

/** True where a process serves a data folder on a port. */
export function isServedBy(folder: string, pid: number, port: number): boolean {
  const holder = readHolder(folder)
  return holder?.starter.pid === pid && holder.url.endsWith(`:${port}`)
}

const refusal = (folder: string) =>
  `The data folder ${folder} is in use by ${describeHolder(folder) ?? 'another Loggia, which just starts or runs where its process cannot be seen from here.'}\n` +
  'Two servers on one folder would count lines twice. For a second server, choose another folder with --data.'

const fileIn = (folder: string) => join(folder, 'server.json')
const inodeOf = (folder: string) => statSync(folder).ino

const born = (pid: number): Born => ({ pid, birth: birthOf(pid) })

const membersOfServer = ({ server }: Holder) => (server ? membersOf(server.pid, server.birth) : [])

function readHolder(folder: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Holder
    return holder.inode === inodeOf(folder) ? holder : null
  } catch {
    return null
  }
}

function write(folder: string, holder: Holder) {
  const next = `${fileIn(folder)}.next`
  writeFileSync(next, JSON.stringify(holder))
  renameSync(next, fileIn(folder))
}
