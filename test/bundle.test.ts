import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { budget, readScripts, total } from '../bench/bundle.ts'

const build = new URL('../build/', import.meta.url)
/** What DuckDB's side of a page and Arrow say in their code. */
const engineWords = /START_PENDING_QUERY|RecordBatch/

// `npm test` builds first.
describe('the scripts in front of the first paint', () => {
  it('stay within the budget', () => {
    expect(total(readScripts())).toBeLessThanOrEqual(budget)
  })

  it('hold the route and not the engine', () => {
    const scripts = readScripts()
    expect(scripts.filter(({ file }) => file.startsWith('nodes/')).length).toBe(4)
    expect(Math.max(...scripts.map(({ bytes }) => bytes))).toBeLessThan(150_000)
  })

  it('are named in the page, with their styles', () => {
    const page = readFileSync(new URL('spa.html', build), 'utf8')
    const files = readScripts().map(({ file }) => file)
    expect(files.filter((file) => !file.startsWith('spa.html') && !page.includes(`/${file}"`))).toEqual([])
    expect(page).toMatch(/assets\/Figures\.[^"]*\.css" rel="stylesheet"/)
  })
})

describe('the scripts of the page', () => {
  it('leave the engine and Arrow to workers', () => {
    const scripts = globSync('_app/immutable/**/*.js', { cwd: build })
    const holding = scripts.filter((file) => engineWords.test(readFileSync(new URL(file, build), 'utf8')))
    expect(holding).toContainEqual(expect.stringMatching(/workers\/engine-worker/))
    expect(holding.filter((file) => !file.includes('/workers/'))).toEqual([])
  })
})
