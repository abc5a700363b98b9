import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { follow } from '../../../cli/push/follow.ts'
import { sha256 } from '../../../cli/push/hash.ts'
import { Ledger } from '../../../cli/push/ledger.ts'
import { walk } from '../../../src/lib/push/walk.ts'

let folder: string
let log: string
let stored: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loggia-follow-'))
  log = join(folder, 'access.log')
  stored = ''
})
afterEach(() => rmSync(folder, { recursive: true }))

class Over extends Error {}

/** Follows the log, doing one step at each look, and stores what it sends; a look after the last step ends it. */
async function run(steps: (() => void)[]) {
  const ledger = Ledger.empty()
  const looks = [...steps]
  const pause = () => {
    const step = looks.shift()
    if (!step) return Promise.reject(new Over())
    step()
    return Promise.resolve()
  }
  try {
    for await (const chunks of follow(log, pause)) {
      const { damage } = await walk(
        chunks,
        ledger,
        (batch) => {
          stored += Buffer.from(batch.text).toString()
          ledger.finish(batch)
          return Promise.resolve()
        },
        { createHash: sha256 }
      )
      if (damage instanceof Over) return
    }
  } catch (error) {
    if (!(error instanceof Over)) throw error
  }
}

const nothing = () => {}

test('lines are sent as they are written, each when it is complete', async () => {
  writeFileSync(log, 'one\n')
  await run([() => appendFileSync(log, 'two\nthr'), () => appendFileSync(log, 'ee\n'), nothing])
  expect(stored).toBe('one\ntwo\nthree\n')
})

test('no line is lost or sent twice when the log is renamed and recreated', async () => {
  writeFileSync(log, 'one\n')
  await run([
    () => renameSync(log, `${log}.1`),
    // A server writes to the old file until it is told.
    () => appendFileSync(`${log}.1`, 'two\n'),
    () => writeFileSync(log, 'three\n'),
    () => appendFileSync(`${log}.1`, 'two and a half\n'),
    ...Array.from({ length: 12 }, () => nothing),
    () => appendFileSync(log, 'four\n'),
    nothing
  ])
  expect(stored).toBe('one\ntwo\ntwo and a half\nthree\nfour\n')
})

test('no line is lost or sent twice when the log is copied and emptied', async () => {
  writeFileSync(log, 'one\n')
  await run([
    () => {
      // Between two looks: a line more, the copy, and a new beginning.
      appendFileSync(log, 'two\n')
      copyFileSync(log, `${log}.1`)
      truncateSync(log)
      appendFileSync(log, 'new\n')
    },
    nothing
  ])
  expect(stored).toBe('one\ntwo\nnew\n')
})

test('a log that is emptied and has grown beyond its old length is a new one', async () => {
  writeFileSync(log, 'one\n')
  await run([
    () => {
      truncateSync(log)
      appendFileSync(log, 'another and longer\nlog\n')
    },
    nothing
  ])
  expect(stored).toBe('one\nanother and longer\nlog\n')
})

/** Reads a log once, doing one step at each look; a look after the last step ends it. */
async function readOnce(isFromEnd: boolean, steps: (() => void)[]) {
  const looks = [...steps]
  const pause = () => {
    const step = looks.shift()
    if (!step) return Promise.reject(new Over())
    step()
    return Promise.resolve()
  }
  let text = ''
  try {
    for await (const chunks of follow(log, pause, { isFromEnd }))
      for await (const chunk of chunks) if (chunk) text += Buffer.from(chunk).toString()
  } catch (error) {
    if (!(error instanceof Over)) throw error
  }
  return text
}

test('a log that is read once from its end begins with the line that is half written', async () => {
  writeFileSync(log, 'one\ntwo\nthr')
  const steps = [
    () => appendFileSync(log, 'ee\n'),
    () => {
      appendFileSync(log, 'four\n')
      copyFileSync(log, `${log}.1`)
      truncateSync(log)
      appendFileSync(log, 'new\n')
    },
    nothing
  ]
  expect(await readOnce(true, steps)).toBe('three\nfour\nnew\n')
})

test('a log that is read once from its end begins with its start if it was not there', async () => {
  expect(await readOnce(true, [nothing, () => writeFileSync(log, 'one\n'), nothing])).toBe('one\n')
})

test('a log that is read once from its start gives each line once across copying', async () => {
  writeFileSync(log, 'one\n')
  const copied = () => {
    appendFileSync(log, 'two\n')
    copyFileSync(log, `${log}.1`)
    truncateSync(log)
  }
  expect(await readOnce(false, [copied, () => appendFileSync(log, 'new\n'), nothing])).toBe('one\ntwo\nnew\n')
})
