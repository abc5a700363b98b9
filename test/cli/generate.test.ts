import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { acceptText, hitsOf } from '../accept/show.ts'

const program = join(root, 'cli/loggia.ts')
const generate = (...args: string[]) =>
  promisify(execFile)(process.execPath, [program, 'generate', ...args], { timeout: 60_000 })

it.concurrent.each(['nginx', 'combined', 'ballcone'])(
  'appends lines as %s that Loggia reads',
  async (format) => {
    const out = join(mkdtempSync(join(tmpdir(), 'loggia-generate-')), 'access.log')
    const before = Date.now()
    const options = [
      '--format',
      format,
      '--rate',
      '5',
      '--profile',
      'low/high',
      '--lasts',
      '1',
      '--seconds',
      '2'
    ]
    const { stdout } = await generate(...options, '--service', 'load.example', '--out', out)
    expect(stdout).toBe(`55 lines in 2 seconds: ${out}\n`)
    const hits = hitsOf(acceptText(readFileSync(out, 'utf8')))
    expect(hits).toHaveLength(55)
    for (const { time } of hits) expect(Math.abs(time - before)).toBeLessThan(60_000)
  },
  60_000
)

it.concurrent(
  'writes the kind of each line, and lets as many scanners pose as browsers as asked',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'loggia-generate-'))
    const [out, kinds] = [join(folder, 'access.log'), join(folder, 'kinds.txt')]
    const options = ['--attack', '--rate', '40', '--seconds', '1', '--format', 'combined']
    await generate(...options, '--browser-attackers', '1', '--labels', kinds, '--out', out)
    const [lines, labels] = [out, kinds].map((file) => readFileSync(file, 'utf8').trimEnd().split('\n'))
    expect(labels).toHaveLength(80)
    const attacks = lines!.filter((_, at) => labels![at] === 'attack')
    expect(attacks).toHaveLength(40)
    for (const line of attacks) expect(line).toMatch(/"Mozilla\/5\.0 \((?!compatible)[^"]+"$/)
  },
  60_000
)

it.concurrent(
  'ends when whoever reads its lines ends',
  async () => {
    const child = spawn('sh', ['-c', `'${process.execPath}' '${program}' generate | head -n 1`])
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(0)
  },
  60_000
)

it.concurrent.each([
  ['--profile', 'mid', 'profile mid is not made of low and high'],
  ['--browser-attackers', '2', '--browser-attackers 2 is not a number from 0 to 1'],
  ['--rate', 'fast', '--rate fast is not a number from 0.1 to 10000'],
  ['--format', 'xml', 'format xml is not one of nginx, combined, ballcone']
])(
  'refuses %s %s',
  async (name, value, why) => {
    await expect(generate(name, value)).rejects.toMatchObject({
      stderr: expect.stringContaining(why) as string
    })
  },
  60_000
)
