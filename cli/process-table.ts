import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process that runs now. */
export interface Process {
  pid: number
  /** The process group. */
  group: number
  /** When it began, in a form to compare only: with it, a pid never names two processes. */
  birth: string
  command: string
}

/** All processes that run. */
export function processes(): Process[] {
  return process.platform === 'linux' ? processesOfLinux() : processesOfPs()
}

/** The processes of a group. */
export const groupOf = (group: number): Process[] => processes().filter((process) => process.group === group)

/** The processes of the group whose leader was born at `birth`; none where its number has gone to another program. */
export function membersOf(group: number, birth: string | null): Process[] {
  const members = groupOf(group)
  const leader = members.find(({ pid }) => pid === group)
  return leader && leader.birth !== birth ? [] : members
}

/** When a process was born; null where it does not run. */
export function birthOf(pid: number): string | null {
  return processes().find((process) => process.pid === pid)?.birth ?? null
}

/** The process that listens on a port; null where none does, or where it is not ours to see. */
export function listenerOn(port: number): Process | null {
  const pid = process.platform === 'linux' ? listenerOfLinux(port) : listenerOfLsof(port)
  return processes().find((process) => process.pid === pid) ?? null
}

function processesOfLinux(): Process[] {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return pids().flatMap((pid) => {
    const stat = read(`/proc/${pid}/stat`)
    // The name stands in parentheses and may hold any character.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, , group, birth] = [fields[0], fields[1], fields[2], fields[19]]
    if (!state || 'ZX'.includes(state)) return []
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() || name
    return [{ pid, group: Number(group), birth: `${boot} ${birth}`, command }]
  })
}

export function processesOfPs(): Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,pgid=,stat=,lstart=,command='], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' }
  })
  return (stdout ?? '').split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+([^Z]\S*)\s+(\S+ \S+\s+\d+ [\d:]+ \d+)\s+(.*)$/.exec(line)
    if (!match) return []
    const [, pid, group, , birth = '', command = ''] = match
    return [{ pid: Number(pid), group: Number(group), birth, command }]
  })
}

const listening = '0A'

function listenerOfLinux(port: number): number | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => read(file).split('\n').slice(1))
  const sockets = rows
    .map((row) => row.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(suffix) && fields[3] === listening)
    .map((fields) => `socket:[${fields[9]}]`)
  return pids().find((pid) => openFiles(pid).some((file) => sockets.includes(file))) ?? null
}

function listenerOfLsof(port: number): number | null {
  const { stdout } = spawnSync('lsof', ['-t', `-iTCP:${port}`, '-sTCP:LISTEN'], { encoding: 'utf8' })
  return Number.parseInt(stdout ?? '') || null
}

const read = (file: string): string => seen(() => readFileSync(file, 'utf8')) ?? ''

const pids = () => readdirSync('/proc').map(Number).filter(Boolean)

const openFiles = (pid: number): string[] =>
  (seen(() => readdirSync(`/proc/${pid}/fd`)) ?? []).map(
    (fd) => seen(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? ''
  )

/** What a look into /proc gives; null when the process has ended meanwhile, or is another user's. */
function seen<T>(look: () => T): T | null {
  try {
    return look()
  } catch {
    return null
  }
}
