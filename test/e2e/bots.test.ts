import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const site = 'crowd'
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const at = (minute: number, ip: string, path: string, status: number, agent = chrome, referrer = '-') =>
  `${ip} - - [01/Nov/2026:12:${String(minute).padStart(2, '0')}:00 +0000] "GET ${path} HTTP/1.1" ${status} 100 "${referrer}" "${agent}"`

/** Two people, a scanner with the agent of a browser, and a program. */
const lines = [
  ...['203.0.113.1', '203.0.113.2'].flatMap((ip) => [
    at(1, ip, '/', 200),
    at(1, ip, '/style.css', 200),
    at(1, ip, '/app.js', 200)
  ]),
  ...['/.env', '/.git/config', '/backup.sql', '/wp-login.php'].map((path, i) =>
    at(2 + i, '198.51.100.9', path, 404)
  ),
  at(9, '192.0.2.5', '/feed', 200, 'curl/8.5.0')
]
/** A crawler on another day, so that it is not among the machines above. */
const crawler = ['/robots.txt', '/private/a', '/private/b'].map((path) =>
  at(20, '192.0.2.6', path, 200, 'Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)').replace(
    '01/Nov',
    '03/Nov'
  )
)

describe('the page of bots', () => {
  running(async () => {
    const all = [...lines, ...crawler]
    await stack.push(all, { type: 'text/plain', site })
    await stack.waitForRows(site, all.length)
    await stack.signIn(browser.context)
    await follow(browser.page, `${stack.url}/s/${site}/bots?p=2026-11-01`)
  })

  const machines = () => browser.page.getByRole('list', { name: 'Machines by requests' }).getByRole('button')
  const rules = () => browser.page.getByRole('region', { name: 'Rules' })
  const decisions = () => browser.page.getByRole('region', { name: 'Your decisions' })
  const expectMachines = (expected: string[]) =>
    expect
      .poll(async () =>
        (await machines().allTextContents()).map((text) =>
          /(Chrome|curl) *(\w+)/.exec(text)?.slice(1, 3).join(' ')
        )
      )
      .toEqual(expected)

  it('lists the machines, with their verdicts and why, and leaves out the people', async () => {
    await expectMachines(['Chrome Scanner', 'curl Library'])
    expect(await machines().first().textContent()).toContain('Attacks')
    const attacks = rules().getByRole('row', { name: /^Attacks/ })
    expect(await attacks.getByRole('cell').last().textContent()).toBe('4')
  })

  it('judges all again without a rule, and with it again, on every device', async () => {
    const off = ['Attacks', 'Probes for software', 'Mostly failed requests']
    for (const name of [...off, 'Only failed requests']) {
      const rule = rules().getByRole('switch', { name, exact: true })
      await rule.click()
      await expect.poll(() => rule.isChecked()).toBe(false)
    }
    await expectMachines(['curl Library'])
    await follow(browser.page, `${stack.url}/s/${site}/bots?p=2026-11-01`)
    await expectMachines(['curl Library'])
    const settings = await fetch(`${stack.url}/api/sites/${site}/settings`, { headers: stack.client.headers })
    const { verdicts } = (await settings.json()) as { verdicts: { weights: object } }
    expect(verdicts.weights).toMatchObject({ attack: 0, probe: 0 })
    await rules().getByRole('button', { name: 'Reset all rules' }).click()
    await expectMachines(['Chrome Scanner', 'curl Library'])
  })

  it('refuses a rule of the owner where it is wrong, judges by it, and takes it back', async () => {
    await rules().getByRole('button', { name: 'Add a rule' }).click()
    const form = rules().getByRole('form', { name: 'Add a rule' })
    await form.getByLabel('Title').fill('Reads with a style')
    await form.getByLabel('Sentence').fill('It loaded a style.')
    await form.getByLabel('Speaks for').selectOption('Spam')
    await form.getByLabel('Points').fill('500')
    const condition = form.getByLabel('Condition')
    await condition.fill('assets > 0 AND visits > 0')
    await form.getByRole('button', { name: 'Save rule' }).click()
    await form.getByText('can’t use “visits”').waitFor()
    expect(await form.locator('mark').textContent()).toBe('visits')
    await condition.fill('assets > 0 AND lower(hits, 1)')
    await form.getByRole('button', { name: 'Save rule' }).click()
    await form.getByText('No function matches').waitFor()
    expect(await form.locator('mark').textContent()).toBe('lower')
    await condition.fill('assets > 0')
    await form.getByRole('button', { name: 'Save rule' }).click()
    await expectMachines(['Chrome Spam', 'Chrome Scanner', 'curl Library'])
    await follow(browser.page, `${stack.url}/s/${site}/bots?p=2026-11-01`)
    await expectMachines(['Chrome Spam', 'Chrome Scanner', 'curl Library'])
    await rules().getByRole('button', { name: 'Edit: Reads with a style' }).click()
    await rules().getByLabel('Condition').fill('assets > 100')
    await rules().getByRole('button', { name: 'Save rule' }).click()
    await expectMachines(['Chrome Scanner', 'curl Library'])
    await rules().getByRole('button', { name: 'Remove: Reads with a style' }).click()
    await rules().getByRole('button', { name: 'Edit: Reads with a style' }).waitFor({ state: 'detached' })
  })

  it('treats an address as the owner says, until that is undone', async () => {
    await decisions().getByRole('textbox').fill('198.51.100.0/24')
    await decisions().getByRole('button', { name: 'People' }).click()
    await expectMachines(['curl Library'])
    await decisions().getByRole('button', { name: 'Undo: Address 198.51.100.0/24' }).click()
    await expectMachines(['Chrome Scanner', 'curl Library'])
  })

  it('refuses what is no address, and asks before it overrules most visitors', async () => {
    const value = decisions().getByRole('textbox')
    await value.fill('everybody')
    await decisions().getByText('everybody is neither an address').waitFor()
    expect(await decisions().getByRole('button', { name: 'Bots' }).isDisabled()).toBe(true)
    await value.fill('0.0.0.0/0')
    await decisions().getByRole('button', { name: 'Bots' }).click()
    await decisions().getByText('That is 4 of the 4 visitors on this device.').waitFor()
    await decisions().getByRole('button', { name: 'Cancel' }).click()
    await expectMachines(['Chrome Scanner', 'curl Library'])
  })

  it('filters by the machine that is clicked', async () => {
    await machines().first().click()
    await expectMachines(['Chrome Scanner'])
    expect(new URL(browser.page.url()).searchParams.getAll('f').sort()).toEqual([
      'is,browser,Chrome',
      'is,verdict,scanner'
    ])
  })

  it('holds what crawlers did against the robots.txt that the owner saves', async () => {
    await follow(browser.page, `${stack.url}/s/${site}/bots?p=2026-11-03`)
    const robots = browser.page.getByRole('region', { name: 'Crawlers and robots.txt' })
    const first = robots.getByRole('list').getByRole('button').first()
    await expect.poll(() => first.textContent()).toMatch(/GPTBot.*OpenAI.*12:20.*–.*–/s)
    await robots.getByRole('button', { name: 'Add robots.txt' }).click()
    await robots.getByLabel('Text of robots.txt').fill('User-agent: GPTBot\nDisallow: /private/')
    await robots.getByRole('button', { name: 'Save robots.txt' }).click()
    await expect.poll(() => first.textContent()).toMatch(/2 ?forbidden but read/)
    await follow(browser.page, `${stack.url}/s/${site}/bots?p=2026-11-03`)
    await expect.poll(() => first.textContent()).toMatch(/2 ?forbidden but read/)
  })
})
