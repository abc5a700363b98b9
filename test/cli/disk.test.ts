import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { needRoom, refusal, type Place } from '../../cli/disk.ts'
import { claimPort } from '../../cli/port.ts'
import { root } from '../../cli/process.ts'
import { needs } from '../needs.ts'
import { SmallDisk } from '../proof/small-disk.ts'

const mib = 1 << 20

const placeIn = (folder: string): Place => ({
  name: 'the data folder',
  folder,
  room: 4 * mib,
  instead: 'or choose another folder with --data'
})

describe('a refusal', () => {
  it.each([
    ['ENOSPC', 'The disk /srv, which holds the data folder (/srv/loggia), is full: 4 MiB do not fit. Free'],
    ['EDQUOT', 'takes no more from this user: the quota is used up. Free some space there, or choose'],
    [
      'EROFS',
      'The disk /srv, which holds the data folder (/srv/loggia), is read-only. Mount it for writing, or'
    ],
    [
      'EACCES',
      'This user may not write to /srv/loggia, which holds the data folder. Change its owner or mode, or'
    ],
    ['EIO', "can't be written to: EIO. Check the disk, or choose another folder with --data."]
  ])('for %s says what happened, where, and what to do', (code, sentence) => {
    expect(refusal(code, placeIn('/srv/loggia'), '/srv')).toContain(sentence)
  })
})

interface Ended {
  code: number | null
  output: string
}

/** Runs the start until it ends. */
async function start(data: string, env: Record<string, string> = {}): Promise<Ended> {
  const args = [join(root, 'cli/start.ts'), '--empty', `--port=${await claimPort()}`, `--data=${data}`]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      // The start succeeded: stop it, so that the test can show its output.
      if (output.includes('Ctrl-C stops it')) child.kill('SIGTERM')
    })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

needs('tmpfs')('a disk that takes no files', () => {
  let disk: SmallDisk
  const folder = mkdtempSync(join(tmpdir(), 'loggia-read-only-'))
  const data = mkdtempSync(join(tmpdir(), 'loggia-data-'))

  beforeEach(() => {
    disk = new SmallDisk(16)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', folder])
  })
  afterEach(() => {
    disk.unmount()
    execFileSync('umount', [folder])
  })
  afterAll(() => {
    for (const made of [folder, data]) rmSync(made, { recursive: true })
  })

  const isFull = (name: string, path: string) =>
    `The disk ${disk.path}, which holds ${name} (${path}), is full: 4 MiB do not fit. Free some space there, or`

  it('is named by its mount point, and nothing is left on it', () => {
    disk.leave(8 * mib)
    needRoom(placeIn(join(disk.path, 'a/b')))
    disk.leave(3 * mib)
    expect(() => needRoom(placeIn(join(disk.path, 'a/b')))).toThrow(
      isFull('the data folder', `${disk.path}/a/b`)
    )
    expect(readdirSync(disk.path)).toEqual(['filler'])
    expect(disk.free).toBe(3 * mib)
  })

  it('ends the start with one sentence when it is full', async () => {
    disk.leave(0)
    const data = join(disk.path, 'data')
    const { code, output } = await start(data)
    expect(output).toBe(`${isFull('the data folder', data)} choose another folder with --data.\n`)
    expect(code).toBe(1)
    expect(existsSync(data)).toBe(false)
  }, 60_000)

  it('ends the start with one sentence when it gets full meanwhile', async () => {
    const data = join(disk.path, 'data')
    const starting = start(data)
    // wrangler starts now.
    await vi.waitUntil(() => existsSync(join(data, 'front.env')), { timeout: 120_000, interval: 1 })
    disk.leave(0)
    const { code, output } = await starting
    const said = output.split('\n').filter((line) => line && !/^(Starting|Building|Waiting)/.test(line))
    expect(said).toEqual([`${isFull('the data folder', data)} choose another folder with --data.`])
    expect(code).toBe(1)
  }, 180_000)

  it('ends the start with one sentence when it is full of temporary files', async () => {
    disk.leave(0)
    const { code, output } = await start(data, { TMPDIR: disk.path })
    expect(output).toBe(`${isFull('temporary files', disk.path)} set TMPDIR to another folder.\n`)
    expect(code).toBe(1)
  }, 60_000)

  it.each(['.', 'data/deep'])(
    'ends the start with one sentence when %s is read-only',
    async (path) => {
      const data = join(folder, path)
      const { code, output } = await start(data)
      expect(output).toBe(
        `The disk ${folder}, which holds the data folder (${data}), is read-only. Mount it for writing, or choose another folder with --data.\n`
      )
      expect(code).toBe(1)
    },
    60_000
  )

  it('is not blamed for a folder of somebody else', () => {
    const theirs = join(disk.path, 'theirs')
    mkdirSync(theirs, { mode: 0o700 })
    process.seteuid!(65_534)
    try {
      expect(() => needRoom(placeIn(theirs))).toThrow(`This user may not write to ${theirs}`)
    } finally {
      process.seteuid!(0)
    }
  })
})
