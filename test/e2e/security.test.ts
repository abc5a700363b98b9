import { describe, expect, it } from 'vitest'
import { follow } from './overview.ts'
import { browser, running, stack } from './running.ts'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0'
const entry = (second: number, ip: string, path: string, status: number, length = 100) =>
  JSON.stringify({
    service: 'guarded',
    ip,
    host: 'example.org',
    path,
    status: String(status),
    referrer: '',
    user_agent: firefox,
    length,
    generation_time_milli: 0.01,
    date: new Date(Date.parse('2020-01-01T12:00:00Z') + second * 1000).toISOString()
  })

const lines = [
  entry(0, '81.2.69.9', '/', 200),
  entry(10, '81.2.69.142', '/.git/config', 200, 412),
  ...['/.env', '/.aws/credentials', '/id_rsa', '/web.config'].map((path, i) =>
    entry(11 + i, '81.2.69.142', path, 404)
  ),
  entry(60, '10.0.0.9', '/.env', 404)
]
const period = 'p=2020-01-01'

describe('the page Security', () => {
  running(async () => {
    await stack.push(lines, { type: 'application/x-ndjson' })
    await stack.waitForRows('guarded', lines.length)
    await stack.signIn(browser.context)
  })

  const list = (name: string) => browser.page.getByRole('list', { name })
  const answered = () => list('Attacks that were answered with 2xx').getByRole('listitem')

  it('shows what was answered, who attacked, and what to block', async () => {
    const { page } = browser
    await page.goto(`${stack.url}/s/guarded?${period}`)
    await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Security' }).click()
    await expect.poll(() => answered().allInnerTexts()).toHaveLength(1)
    expect(await answered().innerText()).toContain('/.git/config')
    await expect.poll(() => list('Families of attacks and probes').innerText()).toContain('Secret files')
    await expect.poll(() => list('Offenders by Address').innerText()).toContain('81.2.69.142')
    await expect.poll(() => list('Detections, latest first').innerText()).toContain('Secret files')
    const block = page.getByLabel('Block list for nginx')
    await expect.poll(() => block.innerText()).toContain('deny 81.2.69.142; # 5 × Secret files')
    expect(await block.innerText()).not.toContain('10.0.0.9')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click()
    ])
    expect(download.suggestedFilename()).toBe('loggia-deny.conf')
  })

  it('filters by a click on an address and on a path', async () => {
    const { page } = browser
    await list('Offenders by Address').getByRole('button', { name: '10.0.0.9' }).click()
    await page.waitForURL(/f=/)
    await expect.poll(() => page.getByText('No attack was answered with 2xx in this period.').count()).toBe(1)
    await follow(page, `${stack.url}/s/guarded/security?${period}`)
    await list('Targets').getByRole('button', { name: '/.git/config' }).click()
    await expect.poll(() => list('Offenders by Address').innerText()).not.toContain('10.0.0.9')
    expect(decodeURIComponent(page.url())).toContain('/.git/config')
  })

  it('counts attacks in arches, and leaves out answers that the owner found harmless', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/guarded/security?${period}`)
    const arch = (name: string) =>
      page.getByRole('group', { name: 'Key figures' }).getByRole('group', { name }).getAttribute('title')
    await expect.poll(() => arch('Attack requests')).toBe('6')
    await expect.poll(() => arch('Answered with 2xx')).toBe('1')
    await page.getByRole('button', { name: 'Mark as harmless: /.git/config' }).click()
    await expect.poll(() => arch('Answered with 2xx')).toBe('0')
    await follow(page, `${stack.url}/s/guarded/security?${period}`)
    await page.getByText('1 path marked as harmless').click()
    await expect.poll(() => arch('Answered with 2xx')).toBe('0')
    await page.getByRole('button', { name: 'Undo: /.git/config' }).click()
    await expect.poll(() => arch('Answered with 2xx')).toBe('1')
    expect(await answered().innerText()).toContain('/.git/config')
  })

  it('groups offenders by network, and says so where there are none', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/guarded/security?${period}`)
    await page.getByRole('group', { name: 'Offenders by' }).getByRole('button', { name: '/24, /64' }).click()
    await expect.poll(() => list('Offenders by /24, /64').innerText()).toContain('81.2.69.0/24')
    await follow(page, `${stack.url}/s/guarded/security?p=2020-01-02`)
    await expect.poll(() => page.getByText('No attacks or probes in this period.').count()).toBe(1)
  })

  it('fits a phone', async () => {
    const { page } = browser
    await follow(page, `${stack.url}/s/guarded/security?${period}`)
    await expect.poll(() => answered().allInnerTexts()).toHaveLength(1)
    const size = page.viewportSize()!
    await page.setViewportSize({ width: 390, height: 844 })
    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .filter((element) => !element.closest('.tabs, .arcade, pre, .sr'))
        .map((element) => element.outerHTML.slice(0, 80))
    )
    await page.setViewportSize(size)
    expect(wide).toEqual([])
  })
})
