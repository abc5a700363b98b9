import { statSync } from 'node:fs'
import { join } from 'node:path'
import { capture, fail, root } from './process.ts'

type Step = [name: string, command: string, ...args: string[]]

const workerTypes = 'workers/worker-configuration.d.ts'

const steps: Step[] = [
  ['types of the Worker', 'tsc', '-p', 'workers'],
  ["types of the Worker's tests", 'tsc', '-p', 'test/workers'],
  ['types of the page', 'svelte-check', '--fail-on-warnings', '--output', 'human'],
  ['types of commands, tests and benchmarks', 'tsc', '-p', 'cli'],
  ['lint', 'eslint', '.'],
  ['format', 'prettier', '--check', '--log-level', 'warn', '.']
]

/** Runs types, lint and format, prints what is wrong, and gives how many checks passed and failed. */
export async function check(): Promise<{ passed: number; failed: number }> {
  const age = (file: string) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0
  const generate: Step[] = [['app types', 'svelte-kit', 'sync']]
  if (age(workerTypes) < age('wrangler.toml'))
    generate.push(['Worker types', 'wrangler', 'types', workerTypes])
  const generated = await Promise.all(generate.map(runStep))
  const failed = generated.filter((isGood) => !isGood).length + (await runPairwise(steps))
  return { passed: generate.length + steps.length - failed, failed }
}

/** Two at a time: each takes a core and much memory. Gives how many failed. */
async function runPairwise(waiting: readonly Step[]): Promise<number> {
  const queue = [...waiting]
  let failed = 0
  const work = async () => {
    for (let step = queue.shift(); step; step = queue.shift()) if (!(await runStep(step))) failed++
  }
  await Promise.all([work(), work()])
  return failed
}

async function runStep([name, command, ...args]: Step): Promise<boolean> {
  const { code, output } = await capture(command, args)
  if (code === 0) console.log(`✓ ${name}`)
  else console.error(`✗ ${name}: ${[command, ...args].join(' ')} ended with ${code}\n${output.trim()}\n`)
  return code === 0
}

if (import.meta.main) {
  const { failed } = await check().catch(fail)
  if (failed > 0) fail(`${failed} ${failed === 1 ? 'check' : 'checks'} failed`)
}
