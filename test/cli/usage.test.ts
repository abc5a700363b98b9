import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../../cli/process.ts'

/** Runs `loggia` with nothing to read, so that a question for a password fails. */
async function loggia(...args: string[]) {
  const env = { PATH: process.env.PATH }
  const child = spawn(process.execPath, [join(root, 'cli/loggia.ts'), ...args], { env })
  child.stdin.end()
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = (await once(child, 'close')) as [number]
  return { code, output }
}

/** Each command is a program that starts. */
const timeout = 60_000

test(
  'every command tells how it is used, and asks for nothing',
  async () => {
    const { output } = await loggia('--help')
    const names = [...output.matchAll(/^ {2}loggia (\w+)/gm)].map(([, name]) => name!)
    expect(names).toContain('push')
    expect(names.length).toBeGreaterThan(4)
    const answers = await Promise.all(names.map((name) => loggia(name, '--help')))
    for (const [i, { code, output }] of answers.entries()) {
      expect(code).toBe(0)
      expect(output).toMatch(new RegExp(`^loggia ${names[i]} .*\n  \\w`))
    }
  },
  timeout
)

test(
  'the version is that of the package',
  async () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
    expect(await loggia('--version')).toEqual({ code: 0, output: `${version}\n` })
  },
  timeout
)

test(
  'an option that a command does not have is named',
  async () => {
    const { code, output } = await loggia('push', '--fast')
    expect(code).toBe(1)
    expect(output).toContain("Unknown option '--fast'")
  },
  timeout
)
