import { readdirSync, readFileSync } from 'node:fs'

const interval = 250

/** Memory of a browser's pages while it is watched, in bytes. */
export interface Memory {
  now(): number
  /** The most since the last call. */
  peak(): number
  stop(): void
}

/** Watches all renderer processes of the browser that has this profile. */
export function watchMemory(profile: string): Memory {
  let peak = 0
  const now = () => {
    const bytes = renderersOf(profile).reduce((sum, pid) => sum + proportional(pid), 0)
    peak = Math.max(peak, bytes)
    return bytes
  }
  const timer = setInterval(now, interval)
  return {
    now,
    peak: () => {
      const most = Math.max(peak, now())
      peak = 0
      return most
    },
    stop: () => clearInterval(timer)
  }
}

function renderersOf(profile: string): string[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const commands = new Map(processes.map((pid) => [pid, read(pid, 'cmdline')]))
  const isOurs = (pid: string): boolean => {
    const command = commands.get(pid)
    if (!command) return false
    return command.includes(`--user-data-dir=${profile}`) || isOurs(parentOf(pid) ?? '')
  }
  // A renderer's arguments are one text: its process was forked and renamed.
  return processes.filter((pid) => isRenderer(commands.get(pid)!) && isOurs(pid))
}

/** The browser draws its own window in one more, which is no page's. */
const isRenderer = (command: string) =>
  command.includes('--type=renderer') && !command.includes('--top-chrome-webui')

const parentOf = (pid: string) => /^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1]

/** PSS: what is shared counts in parts. */
const proportional = (pid: string) =>
  Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) * 1024

/** Empty where the process has ended. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
