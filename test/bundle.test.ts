import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { budget, readScripts, total } from '../bench/bundle.ts'

const isBuilt = existsSync(new URL('../build/spa.html', import.meta.url))

// `npm test` builds first.
describe.skipIf(!isBuilt)('the scripts in front of the first paint', () => {
  it('stay within the budget', () => {
    expect(total(readScripts())).toBeLessThanOrEqual(budget)
  })

  it('hold the route and not the engine', () => {
    const scripts = readScripts()
    expect(scripts.filter(({ file }) => file.startsWith('nodes/')).length).toBe(3)
    expect(Math.max(...scripts.map(({ bytes }) => bytes))).toBeLessThan(150_000)
  })
})
