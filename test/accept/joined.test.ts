import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accept } from '#lib/accept/accept.ts'
import { checkJoined as checkFrom } from '../../workers/ingest/body-checks.ts'

const folder = join(import.meta.dirname, 'fixtures')
const checkJoined = (body: Uint8Array) => checkFrom(body, 'curl/8.5.0')
const encode = (text: string) => new TextEncoder().encode(text)
const context = { received: Date.parse('2026-11-15T12:00:00Z'), token: null }

/** Lines of text among the goldens that are a hit by themselves, by file. */
const lines = readdirSync(folder)
  .filter((name) => name.endsWith('.body'))
  .flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8')
    return text
      .split('\n')
      .filter((line) => !/^\s*[{[#]/.test(line) && !line.includes('{"'))
      .filter((line) => accept(encode(line), context).hits.size === 1)
      .map((line): [string, string] => [name, line])
  })

describe('lines without their ends', () => {
  it('are known in every format of lines', () => {
    expect(lines.length).toBeGreaterThan(40)
    const missed = lines.filter(([, line]) => {
      try {
        checkJoined(encode(line + line))
        return true
      } catch {
        return false
      }
    })
    expect(missed).toEqual([])
  })

  it('are not seen in lines that end with carriage returns', () => {
    for (const [, line] of lines) expect(() => checkJoined(encode(`${line}\r${line}`))).not.toThrow()
  })

  it('are not seen in a single line', () => {
    for (const [, line] of lines) expect(() => checkJoined(encode(line))).not.toThrow()
  })

  it('are known of a W3C log by its directives', () => {
    expect(() =>
      checkJoined(encode('#Version: 1.0#Fields: date time cs-uri-stem2026-11-15 10:11:12 /a'))
    ).toThrow('--data-binary')
  })
})
