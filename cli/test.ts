import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { needBrowser } from './browser.ts'
import { buildIfStale } from './build.ts'
import { check } from './check.ts'
import { fail, root, run } from './process.ts'

interface Count {
  passed: number
  failed: number
  /** A line each: the file, the test and why it was skipped. */
  skipped: string[]
}

/** What Vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { name: string; status: string; assertionResults: { status: string; fullName: string }[] }[]
}

/**
 * Counts a report's tests. A file that fails without a failed test (it did not even load) counts as one, and so does
 * a run that ended badly for a reason that its report does not show.
 */
export function countTests({ numPassedTests, numFailedTests, testResults }: Report, isGood: boolean): Count {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed')
  )
  const failed = numFailedTests + broken.length
  const skipped = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'skipped')
      .map(({ fullName }) => `${relative(root, name)}: ${fullName}`)
  )
  return { passed: numPassedTests, failed: failed === 0 && !isGood ? 1 : failed, skipped }
}

/** The last line of a run, which CI reads. */
export const summarize = ({ passed, failed, skipped }: Count) =>
  `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`

async function runTests(args: string[], env: Record<string, string>): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'loggia-test-'))
  const report = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  try {
    const isGood = await run('vitest', ['run', ...reporters, ...args], { env }).then(
      () => true,
      () => false
    )
    return countTests(JSON.parse(readFileSync(report, 'utf8')) as Report, isGood)
  } catch (error) {
    console.error(`Vitest left no report: ${(error as Error).message}`)
    return { passed: 0, failed: 1, skipped: [] }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Runs the checks and all tests, or only the tests that the arguments, which are Vitest's, choose. */
export async function test(args: string[], env: Record<string, string> = {}): Promise<void> {
  const browser = await needBrowser()
  await buildIfStale()
  const checks = args.length > 0 ? { passed: 0, failed: 0 } : await check()
  const tests = await runTests(args, { ...env, CHROME_PATH: browser })
  // Vitest calls tests skipped that a pattern does not choose.
  const skipped = args.some((arg) => /^(-t|--testNamePattern)/.test(arg)) ? [] : tests.skipped
  const passed = checks.passed + tests.passed
  const failed = checks.failed + tests.failed
  if (skipped.length > 0) console.log(`Skipped:\n${skipped.map((line) => `  ${line}\n`).join('')}`)
  console.log(summarize({ passed, failed, skipped }))
  process.exitCode = failed > 0 ? 1 : 0
}

if (import.meta.main) await test(process.argv.slice(2)).catch(fail)
