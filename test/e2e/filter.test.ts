import { describe, expect, it } from 'vitest'
import { expectRequests, follow, openOverview, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'filtered'
const other = 'unfiltered'
const period = 'p=2026-11-01'
const markup = `/<img src=x onerror=alert(1)>,'"; DROP TABLE hits`

/** Twelve hits an address and path, of three addresses and as many paths. */
const lines = ['198.51.100.7', '192.0.2.20', '2001:db8::9'].flatMap((ip, i) =>
  ['/', '/blog/a', encodeURI(markup)].flatMap((path, j) =>
    Array.from({ length: 12 }, (_, n) => {
      const at = `01/Nov/2026:${String(8 + n).padStart(2, '0')}:${i}${j}:00 +0000`
      const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
      return `${ip} - - [${at}] "GET ${path} HTTP/1.1" ${n % 4 ? 200 : 404} 512 "-" "${agent}"`
    })
  )
)

const visited = 'visited'
/** Three visits: from a search to two pages, to one page, and elsewhere. */
const visits = [
  ['198.51.100.7', '08:00', '/pricing', 'https://www.google.com/'],
  ['198.51.100.7', '08:01', '/x', '-'],
  ['192.0.2.20', '08:02', '/x', '-'],
  ['2001:db8::9', '08:03', '/', '-']
].map(
  ([ip, at, path, referrer]) =>
    `${ip} - - [01/Nov/2026:${at}:00 +0000] "GET ${path} HTTP/1.1" 200 512 "${referrer}" "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"`
)

describe('the filter', () => {
  running(async () => {
    for (const name of [site, other]) {
      await stack.push(lines, { type: 'text/plain', site: name })
      await stack.waitForRows(name, lines.length)
    }
    await stack.push(visits, { type: 'text/plain', site: visited })
    await stack.waitForRows(visited, visits.length)
    await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await stack.signIn(browser.context)
    await openOverview(browser.page, stack.url, site, period)
  })

  const open = (query = '') => follow(browser.page, `${stack.url}/s/${site}?${period}${query && `&${query}`}`)
  const requests = (wanted: number) => expectRequests(browser.page, wanted)
  const filters = () => new URL(browser.page.url()).searchParams.getAll('f')
  const search = () => browser.page.locator('input[role="combobox"]')
  const pill = (name: string | RegExp) => browser.page.getByRole('group', { name })
  const type = async (text: string) => {
    await search().waitFor()
    await search().fill(text)
  }

  it('is added by keys: field, then values with their counts', async () => {
    const { page } = browser
    await page.keyboard.press('f')
    await type('status')
    await page.keyboard.press('Enter')
    const found = page.getByRole('option', { name: /^404/ })
    await found.waitFor()
    expect(await found.textContent()).toMatch(/404Not found\s*27$/)
    await type('404')
    await page.keyboard.press('Enter')
    await requests(27)
    expect(filters()).toEqual(['is,status,404'])
    await page.keyboard.press('Escape')
    await page.getByText('81 hits hidden by 1 filter').waitFor()
    await page.goBack()
    await requests(108)
  })

  it('is edited part by part', async () => {
    const { page } = browser
    await open('f=is,status,404')
    await requests(27)
    await pill(/Status is 404/)
      .getByRole('button', { name: 'is', exact: true })
      .click()
    await page.getByRole('option', { name: 'is not', exact: true }).click()
    await requests(81)
    expect(filters()).toEqual(['not,status,404'])
    await page.keyboard.press('Escape')
    await pill(/Status is not/)
      .getByRole('button', { name: 'Status', exact: true })
      .click()
    await type('path')
    await page.getByRole('option', { name: 'Path', exact: true }).click()
    await page.getByRole('option', { name: /blog/ }).click()
    await requests(72)
    expect(filters()).toEqual(['not,path,/blog/a'])
  })

  it('keeps what is switched off, and lets go of what is removed', async () => {
    const { page } = browser
    await open('f=is,path,/blog/a')
    await requests(36)
    await page.getByRole('switch', { name: /^Apply filter: Path is/ }).click()
    await requests(108)
    expect(filters()).toEqual(['~is,path,/blog/a'])
    await page.getByRole('switch', { name: /^Apply filter: Path is/ }).click()
    await requests(36)
    await page.getByRole('button', { name: /Remove filter/ }).click()
    await requests(108)
    expect(filters()).toEqual([])
  })

  it('holds a network that the address names', async () => {
    await open('f=cidr,ip,2001:db8::/32')
    await requests(36)
  })

  it('says at the pill what cannot be asked, and answers without it', async () => {
    const { page } = browser
    await open(`f=${encodeURIComponent('re,path,([')}&f=cidr,ip,nowhere&f=is,path,/blog/a`)
    await requests(36)
    await pill(/Path matches/)
      .getByText('missing ]')
      .waitFor()
    await pill(/Address is in network/)
      .getByText('nowhere is not a network')
      .waitFor()
    await page.getByText('72 hits hidden by 1 filter').waitFor()
    expect(await page.getByText('This query failed').count()).toBe(0)
  })

  it('says what of the address it leaves out, until that is taken away', async () => {
    const { page } = browser
    await open('f=is,nosuch,x&f=zzz,path,/a&f=is,path&f=is,path,/')
    await requests(36)
    const said = page.getByRole('status').filter({ hasText: 'Left out' })
    const text = (await said.innerText()).replace(/\s+/g, ' ')
    expect(text).toContain('is,nosuch,x no field “nosuch”')
    expect(text).toContain('zzz,path,/a no operator “zzz”')
    expect(text).toContain('is,path no value that it takes')
    await page.getByRole('button', { name: 'Remove these parts from the address' }).click()
    await said.waitFor({ state: 'detached' })
    expect(filters()).toEqual(['is,path,/'])
  })

  it('refuses a network that is none where it is typed', async () => {
    const { page } = browser
    await open('f=cidr,ip,10.0.0.0/8')
    await pill(/network/)
      .getByRole('button', { name: '10.0.0.0/8', exact: true })
      .click()
    const input = page.getByLabel('Value of Address')
    await input.fill('192.0.2.0/40')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('192.0.2.0/40 is not a network').waitFor()
    await input.fill('192.0.2.0/24')
    await page.keyboard.press('Enter')
    await requests(36)
  })

  it('says which pill to drop, and how much there is without it', async () => {
    const { page } = browser
    await open('f=is,path,/blog/a&f=is,country,ZZ')
    await page.getByRole('button', { name: /Without Country is ZZ\s*36/ }).click()
    await requests(36)
    expect(filters()).toEqual(['is,path,/blog/a'])
  })

  it('says which filters exclude each other', async () => {
    const { page } = browser
    await open('f=is,path,/blog/a&f=hasnt,path,blog')
    const said = page.getByText(
      'Path is /blog/a and Path does not contain blog exclude each other: no request passes both.'
    )
    await said.waitFor()
    await page.getByRole('button', { name: /Without Path does not contain blog\s*36/ }).click()
    await said.waitFor({ state: 'detached' })
  })

  it('takes quotes, commas, markup and SQL for values', async () => {
    const { page } = browser
    await open()
    await requests(108)
    await page.keyboard.press('f')
    await type('path')
    await page.keyboard.press('Enter')
    await type('drop table')
    const option = page.getByRole('option', { name: /DROP TABLE.*36$/i })
    await option.click()
    await requests(36)
    expect(await page.locator('img').count()).toBe(0)
    await page.reload()
    await requests(36)
  })

  it('is shared with its time frozen, or kept relative', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/${site}?p=today&f=is,status,404`)
    const copy = async () => {
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByText('Copied.').waitFor()
      return new URL(await page.evaluate(() => navigator.clipboard.readText())).searchParams
    }
    await page.getByRole('button', { name: 'Share', exact: true }).click()
    const frozen = await copy()
    expect(frozen.get('p')).toMatch(/^\d{4}-\d\d-\d\d$/)
    expect(frozen.get('tz')).toBeTruthy()
    expect(frozen.get('f')).toBe('is,status,404')
    await page.getByLabel(/as of when the link is opened/).check()
    expect((await copy()).get('p')).toBe('today')
  })

  it('is kept as a view: saved, applied, renamed, found by the search, deleted', async () => {
    const { page } = browser
    const views = page.getByRole('dialog', { name: 'Saved views' })
    const openViews = async () => {
      await page.getByRole('button', { name: 'Views', exact: true }).click()
      await views.waitFor()
    }
    await open('f=is,status,404&m=visitors')
    await openViews()
    await views.getByLabel('Name of this view').fill('Not found')
    await views.getByRole('button', { name: 'Save' }).click()
    await open('f=is,path,/blog/a')
    await requests(36)
    await openViews()
    await views.getByRole('button', { name: 'Not found', exact: true }).click()
    await requests(27)
    expect(filters()).toEqual(['is,status,404'])
    expect(page.url()).toContain('m=visitors')
    await openViews()
    await views.getByRole('button', { name: 'Rename Not found' }).click()
    await views.getByLabel('New name').fill('Dead links')
    // The search is open before the server has the new name.
    const { promise: isSearched, resolve: letSave } = Promise.withResolvers<void>()
    await page.route('**/settings', (route) => isSearched.then(() => route.continue()))
    await page.keyboard.press('Enter')
    await page.keyboard.press('Escape')
    await open()
    await page.keyboard.press('ControlOrMeta+k')
    await type('dead')
    await page.getByText('Nothing by that name.').waitFor()
    letSave()
    await page.getByRole('option', { name: 'Dead links' }).click()
    await page.unroute('**/settings')
    await requests(27)
    await openViews()
    await views.getByRole('button', { name: 'Delete Dead links' }).click()
    await views.getByText('Views are kept with the site').waitFor()
    await page.reload()
    await openViews()
    await views.getByText('Views are kept with the site').waitFor()
    await page.keyboard.press('Escape')
    await views.waitFor({ state: 'hidden' })
  })

  it('leads to another site', async () => {
    const { page } = browser
    await open()
    await page.getByRole('button', { name: site, exact: true }).click()
    const menu = page.getByRole('dialog', { name: 'Sites' })
    const first = await menu.locator('li', { hasText: /1$/ }).first().locator('span').innerText()
    await menu.getByRole('link', { name: other, exact: true }).click()
    await page.waitForURL(({ pathname }) => pathname === `/s/${other}`)
    await settled(page)
    await page.keyboard.press('1')
    await page.waitForURL(({ pathname }) => pathname === `/s/${first}`)
  })

  it('lists every key, and the palette does what each key does', async () => {
    const { page } = browser
    await open('f=is,status,404')
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.waitFor()
    const groups = await dialog.locator('section').evaluateAll((sections) =>
      sections.map((section) => ({
        title: section.querySelector('h3')!.textContent,
        rows: Array.from(section.querySelectorAll('dl div'), (row) => ({
          key: Array.from(row.querySelectorAll('kbd'), (part) => part.textContent).join(' '),
          text: row.querySelector('dd')!.textContent
        }))
      }))
    )
    const rowsOf = (title: string) => groups.find((group) => group.title === title)?.rows ?? []
    const actions = ['Sites', 'Time', 'Period', 'Filter', 'Pages', 'Loggia']
    expect(actions.slice(1).map((title) => rowsOf(title).map(({ key }) => key))).toEqual([
      ['C', '←', '→', 'X', 'Shift Z'],
      ['H', 'D', 'E', 'W', 'T', 'M', 'Y', 'A'],
      ['F', 'Esc'],
      ['G O', 'G B', 'G C', 'G E', 'G L', 'G A', 'G Q', 'G U', 'G T', 'G I'],
      ['?', '/']
    ])
    await page.keyboard.press('Escape')
    await page.keyboard.press('ControlOrMeta+k')
    const here = [site, 'Overview', 'Search and jump']
    for (const { key, text } of actions.flatMap(rowsOf).filter(({ text }) => !here.includes(text))) {
      await search().fill(text)
      await page.getByRole('option', { name: `${text} ${key}`, exact: true }).waitFor({ timeout: 10_000 })
    }
    await search().fill('zoom out')
    await page.keyboard.press('Enter')
    await expect.poll(() => new URL(page.url()).searchParams.get('p')).not.toBe('2026-11-01')
  })

  it('answers to keys, which can be switched off', async () => {
    const { page } = browser
    await open()
    await page.evaluate(() => localStorage.removeItem('keys'))
    await open('f=is,status,404')
    await page.keyboard.press('Escape')
    await expect.poll(filters).toEqual([])
    await page.keyboard.press('t')
    await expect.poll(() => page.url()).toContain('p=30d')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).uncheck()
    await page.keyboard.press('Escape')
    await page.keyboard.press('d')
    await page.keyboard.press('ControlOrMeta+k')
    const palette = page.getByRole('dialog', { name: 'Search and jump' })
    await palette.getByRole('option').first().waitFor()
    await page.keyboard.press('Escape')
    expect(page.url()).toContain('p=30d')
    await page.evaluate(() => localStorage.removeItem('keys'))
  })

  it('holds two filters and what they hide in one row of a desktop', async () => {
    const { page } = browser
    await open('f=is,status,200&f=hasnt,path,/blog')
    const hidden = await page.getByText('54 hits hidden by 2 filters').boundingBox()
    const bar = await page.locator('search').boundingBox()
    expect([bar?.height, hidden && bar && hidden.y < bar.y + 40]).toEqual([48, true])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0
    )
  })

  it('has every control within the width of a phone', async () => {
    const { page } = browser
    await page.setViewportSize({ width: 390, height: 844 })
    await open()
    await requests(108)
    const cut = await page.locator('search button').evaluateAll((buttons) =>
      buttons
        .map((button) => ({ name: button.textContent?.trim(), box: button.getBoundingClientRect() }))
        .filter(({ box }) => box.left < 0 || box.right > innerWidth)
        .map(({ name }) => name)
    )
    expect(cut).toEqual([])
    for (const [opener, dialog] of [
      ['#add-filter', 'Filter'],
      ['#share', 'Share'],
      ['#comparison', 'Comparison'],
      ['[popovertarget="period-menu"]', 'Period']
    ] as const) {
      await page.locator(opener).click()
      const box = await page.locator(`[popover][aria-label="${dialog}"]:popover-open`).boundingBox()
      expect([dialog, box && box.x >= 8 && box.x + box.width <= 382]).toEqual([dialog, true])
      await page.keyboard.press('Escape')
    }
    await open('f=is,status,200&f=hasnt,path,/blog&f=is,host,example.org')
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(over).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  it('means the visit after a click on a source, and where a pill is switched to visits', async () => {
    const { page } = browser
    await openOverview(page, stack.url, visited, period)
    await requests(4)
    const sources = page.locator('section.panel', {
      has: page.getByRole('heading', { name: 'Sources', exact: true })
    })
    await sources.getByRole('button', { name: /^google\.com/ }).click()
    await requests(2)
    expect(filters()).toEqual(['is,visit_source,google.com'])
    expect(
      await pill(/Visit source is google/)
        .getByRole('switch')
        .count()
    ).toBe(1)

    await follow(page, `${stack.url}/s/${visited}?${period}&f=is,path,/x`)
    await requests(2)
    const scope = pill(/Path is \/x/).getByRole('switch', { name: /^Match whole visits/ })
    expect(await scope.getAttribute('aria-checked')).toBe('false')
    await scope.focus()
    await page.keyboard.press('Space')
    await requests(3)
    expect(filters()).toEqual(['@is,path,/x'])
    expect([await scope.getAttribute('aria-checked'), await scope.textContent()]).toEqual(['true', 'visits'])
    await scope.press('Enter')
    await requests(2)
    expect(filters()).toEqual(['is,path,/x'])
  })

  it('leaves nothing in the console and asks nobody else', () => {
    expect(browser.errors).toEqual([])
    browser.expectNoForeign()
  })
})
