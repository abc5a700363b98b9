import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { claimFolder, describeHolder } from '../../cli/folder.ts'
import { claimPort } from '../../cli/port.ts'
import { membersOf, processes, processesOfPs } from '../../cli/process-table.ts'

let folder: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'loggia-folder-')))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const claimer = new URL('./claim.ts', import.meta.url).pathname

/** A process that claims the folder, and says whether it could. */
function claimElsewhere(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, [claimer, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  return new Promise((done) =>
    child.stdout.setEncoding('utf8').once('data', (said: string) => done({ child, said }))
  )
}

const gone = (child: ChildProcess) =>
  vi.waitUntil(() => child.exitCode !== null || child.signalCode !== null, { timeout: 30_000 })

describe('a claimed data folder', () => {
  it('is refused to a second server, by its holder’s process, address and time', () => {
    const held = claimFolder(folder, 'http://localhost:1')
    expect(() => claimFolder(folder, 'http://localhost:2')).toThrow(
      new RegExp(
        `^The data folder ${folder} is in use by Loggia at http://localhost:1 \\(process ${process.pid}, since \\S+ \\S+ UTC\\)\\. To end it: kill ${process.pid}\n`
      )
    )
    held.release()
    claimFolder(folder, 'http://localhost:2').release()
  })

  it('is the same folder by a symbolic link', () => {
    const held = claimFolder(folder, 'http://localhost:1')
    const link = `${folder}-link`
    symlinkSync(folder, link)
    expect(() => claimFolder(link, 'http://localhost:2')).toThrow('is in use by Loggia')
    rmSync(link)
    held.release()
  })

  it('goes to exactly one of several processes that ask in the same instant', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, claimElsewhere))
    expect(answers.filter(({ said }) => said === 'claimed')).toHaveLength(1)
    expect(answers.filter(({ said }) => said.includes('is in use by'))).toHaveLength(3)
  }, 60_000)

  it('is free after kill -9 of all of its processes', async () => {
    const { child, said } = await claimElsewhere()
    expect(said).toBe('claimed')
    child.kill('SIGKILL')
    await gone(child)
    expect(describeHolder(folder)).toBeNull()
    claimFolder(folder, 'http://localhost:2').release()
  }, 60_000)

  it('stays claimed while a process of the server’s group lives, and only then', async () => {
    const held = claimFolder(folder, 'http://localhost:1')
    const server = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
    children.push(server)
    held.note(server.pid!)
    const file = join(folder, 'server.json')
    const facts = JSON.parse(readFileSync(file, 'utf8')) as Record<'starter' | 'server', object>
    held.release()
    // As kill -9 of the starter leaves it, whose number another program has now.
    const leave = (changes: object) => writeFileSync(file, JSON.stringify({ ...facts, ...changes }))
    const starter = { pid: process.pid, birth: 'before' }
    leave({ starter })
    expect(() => claimFolder(folder, 'http://localhost:2')).toThrow(
      `has ended, and left ${server.pid}). To end it: kill -9 -- -${server.pid}`
    )
    leave({ starter, server: { pid: server.pid, birth: 'before' } })
    claimFolder(folder, 'http://localhost:2').release()
    leave({ starter })
    server.kill('SIGKILL')
    await gone(server)
    claimFolder(folder, 'http://localhost:2').release()
  })

  it('leaves its copy free', () => {
    const held = claimFolder(folder, 'http://localhost:1')
    const copy = `${folder}-copy`
    cpSync(folder, copy, { recursive: true })
    expect(describeHolder(copy)).toBeNull()
    rmSync(copy, { recursive: true })
    held.release()
  })

  it('is free again where its facts were cut off', () => {
    writeFileSync(join(folder, 'server.json'), '{"starter":')
    claimFolder(folder, 'http://localhost:2').release()
  })
})

describe('a port in use', () => {
  it('is refused by the name and the number of the process that listens', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    await expect(claimPort(port)).rejects.toThrow(
      new RegExp(
        `^Port ${port} on 127.0.0.1 is in use by process ${process.pid}, .*To end it: kill ${process.pid}\n`
      )
    )
    await new Promise((done) => other.close(done))
    await expect(claimPort(port)).resolves.toBe(port)
  })
})

it('reads of ps what it reads of /proc', () => {
  const own = ({ pid }: { pid: number }) => pid === process.pid
  const { group, birth } = processes().find(own)!
  expect(processesOfPs().find(own)).toMatchObject({ pid: process.pid, group })
  expect(membersOf(process.pid, `not ${birth}`)).toEqual([])
})
