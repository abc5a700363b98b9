import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { stateFolder } from './ledger.ts'
import { Stop } from '../../src/lib/push/receiver.ts'

/**
 * Appends lines to a file, or to one of its name in the state folder where the user may not write, and returns its path.
 * A push that was killed may have written them: `mayHold` looks for them first.
 */
export async function appendRefused(
  file: string,
  lines: readonly Uint8Array[],
  mayHold: boolean
): Promise<string> {
  const text = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))
  try {
    if (!mayHold || !(await holds(file, text))) await appendFile(file, text)
    return file
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EROFS' && code !== 'EPERM') throw diskError(file, code)
  }
  const folder = join(stateFolder(), 'refused')
  const other = join(folder, basename(file))
  try {
    await mkdir(folder, { recursive: true })
    if (!mayHold || !(await holds(other, text))) await appendFile(other, text)
    return other
  } catch (error) {
    throw diskError(other, (error as NodeJS.ErrnoException).code)
  }
}

async function holds(file: string, text: Buffer): Promise<boolean> {
  const there = await readFile(file).catch(() => null)
  return there?.includes(text) === true
}

function diskError(file: string, code = 'an unknown error'): Stop {
  const why = code === 'ENOSPC' ? 'the disk is full' : code
  return new Stop(
    `The refused lines can't be written to ${file}: ${why}. Free some space, then run the same command again.`
  )
}
