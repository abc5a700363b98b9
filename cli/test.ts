import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { needBrowser } from './browser.ts'
import { buildIfStale } from './build.ts'
import { check } from './check.ts'
import { fail, run, which } from './process.ts'

interface Count {
  passed: number
  failed: number
}

/** What Vitest's JSON reporter writes, as far as it is read here. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
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
  return { passed: numPassedTests, failed: failed === 0 && !isGood ? 1 : failed }
}

/** Programs that some tests drive: those are skipped without them, except where all must run. */
function needPrograms() {
  const missing = ['nginx', 'syslog-ng'].filter((name) => !which(name))
  if (missing.length === 0) return
  if (process.env.CI === 'true') throw new Error(`${missing.join(' and ')} must be installed under CI=true`)
  console.warn(`Without ${missing.join(' and ')}, the tests of forwarders are skipped.`)
}

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
    return { passed: 0, failed: 1 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Everything is proved, or what the arguments, which are Vitest's, choose of it. */
async function test(args: string[]) {
  const browser = await needBrowser()
  needPrograms()
  await buildIfStale()
  const checks = args.length > 0 ? { passed: 0, failed: 0 } : await check()
  const tests = await runTests(args, { CHROME_PATH: browser })
  const failed = checks.failed + tests.failed
  console.log(`${checks.passed + tests.passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

if (import.meta.main) await test(process.argv.slice(2)).catch(fail)
