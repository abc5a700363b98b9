import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../cli/process.ts'
import { countTests, summarize } from '../../cli/test.ts'

describe('countTests', () => {
  const file = (status: string, ...statuses: string[]) => ({
    name: join(root, 'test/some.test.ts'),
    status,
    assertionResults: statuses.map((status) => ({ status, fullName: `is ${status}` }))
  })
  const report = { numPassedTests: 3, numFailedTests: 0, testResults: [file('passed', 'passed')] }

  it('takes the numbers of a good run', () => {
    expect(countTests(report, true)).toEqual({ passed: 3, failed: 0, skipped: [] })
  })

  it('counts a file that did not load, beside tests that failed', () => {
    const testResults = [file('failed'), file('failed', 'passed', 'failed'), file('passed', 'passed')]
    const count = countTests({ ...report, numFailedTests: 1, testResults }, false)
    expect(count).toEqual({ passed: 3, failed: 2, skipped: [] })
  })

  it('never calls a run good that ended badly', () => {
    expect(countTests(report, false)).toEqual({ passed: 3, failed: 1, skipped: [] })
  })

  it('names each test that was skipped', () => {
    const testResults = [file('passed', 'passed', 'skipped')]
    expect(countTests({ ...report, testResults }, true).skipped).toEqual(['test/some.test.ts: is skipped'])
  })
})

describe('the last line', () => {
  it('counts skipped tests only where there are some', () => {
    expect(summarize({ passed: 3, failed: 0, skipped: [] })).toBe('3 passed, 0 failed')
    expect(summarize({ passed: 3, failed: 1, skipped: ['a', 'b'] })).toBe('3 passed, 1 failed, 2 skipped')
  })
})
