import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { clickLink } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'listed-lines'
const many = 12_000
/** Minutes in the past, so that lines that come later are the newest. */
const start = Date.now() - 7_200_000

const hit = (at: number, path: string, other: object = {}) =>
  JSON.stringify({
    time: new Date(at).toISOString(),
    ip: '203.0.113.7',
    method: 'GET',
    path,
    status: 200,
    user_agent: 'curl/8.9',
    ...other
  })
/** Every fourth line is of the same millisecond as the one before it; some have a text, and few fail. */
const lines = Array.from({ length: many }, (_, i) =>
  hit(start + (i - (i % 4 === 3 ? 1 : 0)) * 500, i % 1_000 === 500 ? `/wp-login/${i}` : `/line/${i}`, {
    status: i % 3_000 === 100 ? 503 : 200,
    method: i % 2 ? 'GET' : 'POST'
  })
)

describe('the list of lines', () => {
  const push = (lines: string[]) => stack.push(lines, { type: 'text/plain', site })
  const address = (query: string) => `${stack.url}/s/${site}/explore?p=24h${query}`
  /** The list writes the line on which one stands into the address, so that no address can be waited for. */
  const open = (query = '') => clickLink(browser.page, address(query))

  running(async () => {
    await push(lines)
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
    await browser.page.goto(address(''))
  })

  const list = () => browser.page.getByRole('grid', { name: 'Lines' })
  const counted = async () =>
    /[\d,]+ lines?/.exec((await browser.page.locator('p.count').textContent()) ?? '')?.[0]
  const status = async () => (await browser.page.locator('p.status').textContent()) ?? ''
  /** The path of the line that one stands on. */
  const current = () => list().locator('[aria-selected=true] .path').textContent()
  const press = (key: string) => browser.page.keyboard.press(key)
  const expectLine = (path: string) => expect.poll(current).toBe(path)

  it('moves by keys from the newest line to the oldest', async () => {
    await expect.poll(counted).toBe('12,000 lines')
    await press('j')
    await expectLine('/line/11999')
    await press('j')
    await expectLine('/line/11998')
    await press('k')
    await expectLine('/line/11999')
    await press('Shift+G')
    await expectLine('/line/0')
    expect(await status()).toContain('line 12,000/12,000')
    await press('k')
    await expectLine('/line/1')
    await press('g')
    await expectLine('/line/11999')
    for (const key of ['5', '0', '%']) await press(key)
    await expectLine('/line/6000')
    for (const key of ['1', '2', '0']) await press(key)
    expect(await status()).toContain('120: g goes to this line')
    await press('g')
    await expectLine('/line/11880')
    await press('7')
    await press('Escape')
    await press('g')
    await expectLine('/line/11999')
  })

  it('shows the lines of any place that one scrolls to', async () => {
    await list().evaluate((node, at) => (node.scrollTop = node.scrollHeight * at), 6_000 / many)
    await list().locator('.path', { hasText: '/line/5999' }).waitFor()
    await press('g')
    await expectLine('/line/11999')
  })

  it('stands on the line that the address names, and says where it is', async () => {
    const line = () => new URL(browser.page.url()).searchParams.get('line')
    const number = async () =>
      (await list().locator('[aria-selected=true]').getAttribute('id'))!.slice('line-'.length)
    await press('Shift+G')
    await expectLine('/line/0')
    const oldest = await number()
    await expect.poll(line).toBe(oldest)
    await press('g')
    await expectLine('/line/11999')
    await expect.poll(line).toBe(await number())
    await open(`&line=${oldest}`)
    await expectLine('/line/0')
    await press('k')
    await expectLine('/line/1')
  })

  it('finds matches and errors among all lines', async () => {
    await press('g')
    await press('/')
    await browser.page.keyboard.type('wp-')
    await press('Enter')
    await expectLine('/wp-login/11500')
    await expect.poll(status).toContain('hit 1 of 12')
    await press('n')
    await expectLine('/wp-login/10500')
    await expect.poll(status).toContain('hit 2 of 12')
    await press('Shift+N')
    await expectLine('/wp-login/11500')
    expect(await list().locator('[aria-selected=true] mark').textContent()).toBe('wp-')
    await press('Shift+N')
    await expect.poll(status).toContain('No match above.')
    await press('e')
    await expectLine('/line/9100')
    await press('e')
    await expectLine('/line/6100')
    await press('Shift+E')
    await expectLine('/line/9100')
  })

  it('filters by a value, shows the lines around, and goes back', async () => {
    await list().locator('[aria-selected=true] .status button').click()
    await expect.poll(counted).toBe('4 lines')
    await expectLine('/line/9100')
    await press('c')
    await expect.poll(counted).toBe('12,000 lines')
    await expectLine('/line/9100')
    await press('j')
    await expectLine('/line/9099')
    await expect.poll(() => list().locator('.passing').count()).toBe(1)
    await browser.page.goBack()
    await expect.poll(counted).toBe('4 lines')
    await open()
    await expect.poll(counted).toBe('12,000 lines')
  })

  it('marks a line, unfolds it and turns the list round without leaving it', async () => {
    await press('g')
    await press('j')
    await expectLine('/line/11998')
    await press('m')
    await expect.poll(status).toContain('marks 1')
    await press('Enter')
    await list().locator('.fold').waitFor()
    await browser.page.setViewportSize({ width: 390, height: 844 })
    await list().getByRole('heading', { name: 'Time' }).waitFor()
    await browser.page.evaluate(axe.source)
    const disorder = await browser.page.evaluate(async () => {
      const { axe } = window as unknown as { axe: typeof import('axe-core') }
      return (await axe.run(document, { runOnly: ['heading-order'] })).violations.map(({ nodes }) => nodes)
    })
    expect(disorder).toEqual([])
    await browser.page.setViewportSize({ width: 1280, height: 720 })
    await press('Escape')
    await list().locator('.fold').waitFor({ state: 'detached' })
    await browser.page.getByRole('button', { name: 'Newest first' }).click()
    await expect.poll(status).toContain('line 11,999/12,000')
    await expectLine('/line/11998')
    await press('g')
    await expectLine('/line/0')
    await press("'")
    await expectLine('/line/11998')
    await browser.page.getByRole('button', { name: 'Oldest first' }).click()
    await expect.poll(status).toContain('line 2/12,000')
  })

  it('leaves in place what is read when lines come, and says how many', async () => {
    await press('Shift+G')
    await expectLine('/line/0')
    const top = () => list().locator('[aria-selected=true]').boundingBox()
    const before = (await top())!.y
    await push([1, 2, 3].map((i) => hit(Date.now(), `/new/${i}`)))
    const more = browser.page.getByRole('button', { name: '3 new lines' })
    await more.waitFor()
    await expectLine('/line/0')
    expect((await top())!.y).toBeCloseTo(before, 0)
    await more.click()
    await list().locator('.path', { hasText: '/new/3' }).waitFor()
    await push([hit(Date.now(), '/newest')])
    await list().locator('.path', { hasText: '/newest' }).waitFor()
  })

  it('shows the chosen columns, in the address too', async () => {
    const { page } = browser
    const heads = () => list().getByRole('columnheader').allInnerTexts()
    expect(await heads()).toContain('Agent')
    await page.getByRole('button', { name: /^Columns/ }).click()
    await page.getByRole('checkbox', { name: 'User agent' }).click()
    await page.getByRole('checkbox', { name: 'Host', exact: true }).click()
    await expect.poll(heads).not.toContain('Agent')
    await expect.poll(heads).toContain('Host')
    expect(new URL(page.url()).searchParams.get('cols')).toContain('host')
    await page.getByRole('button', { name: 'Reset' }).click()
    await expect.poll(heads).toContain('Agent')
    await press('Escape')
  })

  it('says which filter leaves nothing', async () => {
    await open('&f=is,path,/nothing')
    await expect.poll(counted).toBe('0 lines')
    expect(await browser.page.locator('.map').count()).toBe(0)
    await browser.page.getByRole('button', { name: 'Without Path is /nothing' }).click()
    await expect.poll(counted).toBe('12,004 lines')
  })
})
