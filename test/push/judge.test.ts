import { describe, expect, it } from 'vitest'
import { advise } from '../../cli/push/advice.ts'
import { messageOf } from '../../src/lib/push/answer.ts'
import { judge, pauseBefore } from '../../src/lib/push/judge.ts'

const noon = Date.parse('2026-11-21T12:00:00Z')
const at = (status: number, body: unknown, retryAfter: string | null = null) =>
  judge(
    { status, retryAfter, location: null, text: typeof body === 'string' ? body : JSON.stringify(body) },
    noon,
    advise
  )
const failure = (code: string, message: string) => ({ error: { code, message } })

describe('an answer to a batch', () => {
  it.each([200, 422])('with counts is one of the batch, also under %i', (status) => {
    const counts = { received: 3, accepted: 0, duplicate: 1, rejected: 2, errors: [] }
    expect(at(status, { status: 'rejected', ...counts })).toEqual({ kind: 'counts', counts })
  })

  it('that asks to wait says how long, as seconds or as a date', () => {
    expect(at(503, failure('unavailable', 'not now'), '7')).toMatchObject({ kind: 'wait', seconds: 7 })
    expect(at(429, '', 'Sat, 21 Nov 2026 12:00:30 GMT')).toMatchObject({ kind: 'wait', seconds: 30 })
    expect(at(502, '<html>Bad gateway</html>')).toMatchObject({ kind: 'wait', seconds: null })
  })

  it('that is too large is split', () => {
    expect(at(413, failure('too_many_names', 'too many names')).kind).toBe('split')
  })

  it.each([
    [401, failure('token_unknown', 'token lgi_… is not known'), /not known\. Create one with "loggia token/],
    [403, failure('other_site', 'this token writes to a, not to b'), /not to b\. Leave --site out/],
    [404, '<html>', /no Loggia at this address\. Check the address/],
    [301, '', /redirects/],
    [200, '<html>hello</html>', /no Loggia/]
  ])('%i ends the push with a sentence', (status, body, sentence) => {
    const verdict = at(status, body)
    expect(verdict.kind).toBe('stop')
    expect(verdict).toHaveProperty('message', expect.stringMatching(sentence))
    expect(JSON.stringify(verdict)).not.toMatch(/<html|{\\"/)
  })
})

describe('a pause', () => {
  it('is what the server asks for, and not all senders come at once', () => {
    expect(pauseBefore(1, 7, () => 0)).toBe(7_000)
    expect(pauseBefore(1, 7, () => 0.5)).toBe(7_500)
  })

  it('doubles up to a minute where nothing is asked for', () => {
    expect([1, 2, 3, 20].map((attempt) => pauseBefore(attempt, null, () => 1))).toEqual([
      1_000, 2_000, 4_000, 60_000
    ])
  })
})

describe('the message of an error', () => {
  it('is that of the API, never its JSON and never a page', () => {
    expect(messageOf(401, '{"error":{"code":"x","message":"that is not the password"}}')).toBe(
      'that is not the password'
    )
    expect(messageOf(502, '<html>Bad gateway</html>')).toBe('the server behind the address does not answer')
    expect(messageOf(418, '{"strange":1}')).toBe('the server answers 418')
  })
})
