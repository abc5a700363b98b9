import axe from 'axe-core'
import { describe, expect, it } from 'vitest'
import { follow, settled } from './overview.ts'
import { browser, running, stack } from './running.ts'
import { holdStill } from './still.ts'

const site = 'open-to-all'
const period = 'p=2020-02-19'

const entry = (path: string, rest: object, i: number) =>
  JSON.stringify({
    service: site,
    ip: '145.18.0.1',
    host: 'example.org',
    path,
    status: '200',
    referrer: 'https://www.google.com/',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
    length: 512,
    generation_time_milli: 0.02,
    date: `2020-02-19T12:${String(i).padStart(2, '0')}:00+00:00`,
    ...rest
  })
/** An attack that got an answer, a probe and logins that failed: so that Security and Bots show all their rows. */
const attacks = [
  entry('/.env', { ip: '133.11.0.9', user_agent: 'curl/8.5.0' }, 10),
  entry('/wp-admin/setup.php', { ip: '133.11.0.9', status: '404', user_agent: 'curl/8.5.0' }, 11),
  ...[12, 13, 14, 15].map((i) =>
    entry('/wp-login.php', { ip: '133.11.0.9', status: '401', method: 'POST' }, i)
  )
]
const google = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'
const lines = [
  entry('/', {}, 0),
  entry('/a', { ip: '133.11.0.1', status: '301' }, 1),
  entry('/b', { status: '404', generation_time_milli: 0.4 }, 2),
  entry('/c', { status: '503', remote_user: 'anna' }, 3),
  entry('/robots.txt', { user_agent: google }, 4),
  ...attacks
]

describe('access', () => {
  running(async () => {
    for (const service of [site, 'another'])
      await stack.push(
        lines.map((line) => line.replace(site, service)),
        { type: 'application/x-ndjson' }
      )
    await stack.waitForRows(site, lines.length)
    await stack.signIn(browser.context)
  })

  /** What axe finds wrong as `rule: elements`: by all rules in the light theme, by those of colors in the dark one too. */
  async function violations(themes = ['light', 'dark']) {
    const { page } = browser
    await page.evaluate(axe.source)
    await holdStill(page)
    const found: string[] = []
    for (const theme of themes) {
      await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme)
      const results = await page.evaluate(async (isDark) => {
        const { axe } = window as unknown as { axe: typeof import('axe-core') }
        const runOnly = isDark ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}
        return (await axe.run(document, { resultTypes: ['violations'], ...runOnly })).violations
      }, theme === 'dark')
      for (const { id, nodes } of results)
        found.push(
          `${theme}, ${id}: ${nodes
            .slice(0, 5)
            .map(({ target, any }) => `${target.join(' ')} (${any[0]?.message ?? ''})`)
            .join('; ')}`
        )
    }
    return found
  }

  const sections: Record<string, [path: string, heading: string]> = {
    bots: [`/s/${site}/bots?${period}&t=all`, 'Machines'],
    security: [`/s/${site}/security?${period}&t=all`, 'Attacks that got an answer'],
    explore: [`/s/${site}/explore?${period}`, 'Fields'],
    live: [`/s/${site}/live`, 'Hottest sections'],
    alerts: [`/s/${site}/alerts?${period}`, 'Last 24 hours'],
    overview: [`/s/${site}?${period}`, 'Days'],
    address: [`/s/${site}/address/133.11.0.9?${period}`, 'Visitors by day'],
    sql: [`/s/${site}/sql?${period}`, 'Saved queries'],
    setup: [`/s/${site}/setup`, `Connect ${site}`],
    status: [`/s/${site}/status`, 'Quarantine'],
    settings: [`/s/${site}/settings`, 'Tokens'],
    device: ['/device', 'On this device'],
    open: ['/open', 'Open a file'],
    home: ['/', 'All sites']
  }

  const overview = async () => {
    if (!browser.page.url().endsWith(`/s/${site}?${period}&f=not,path,/none`))
      await follow(browser.page, `${stack.url}/s/${site}?${period}&f=not,path,/none`)
    await settled(browser.page)
  }
  const within = (name: string) => browser.page.getByRole('dialog', { name }).waitFor()
  const go = async (path: string, heading: string | RegExp) => {
    await follow(browser.page, stack.url + path)
    await browser.page.getByRole('heading', { name: heading }).first().waitFor()
  }
  const press = (key: string) => browser.page.keyboard.press(key)
  const click = (selector: string) => browser.page.locator(selector).click()

  const states: Record<string, () => Promise<unknown>> = {
    'the overview while it loads': async () => {
      await browser.page.route('**/manifest', () => {})
      await browser.page.goto(`${stack.url}/s/${site}?${period}`)
      await browser.page.getByRole('grid').waitFor({ state: 'attached' })
      await browser.page.getByText('Days').first().waitFor({ state: 'attached' })
    },
    'the overview': async () => (await browser.page.unroute('**/manifest'), await overview()),
    'the overview on a phone': async () => {
      await browser.page.setViewportSize({ width: 390, height: 844 })
      await overview()
    },
    'the chart with a choice': async () => {
      await browser.page.setViewportSize({ width: 1440, height: 900 })
      await overview()
      await browser.page.getByRole('slider').focus()
      await press('Home')
      await press('Shift+ArrowRight')
    },
    'the editor of a filter': async () => (await overview(), await press('f'), await within('Filter')),
    'the values of a filter': async () => {
      await browser.page.getByRole('option', { name: 'Path', exact: true }).click()
      await browser.page.getByRole('option', { name: '/robots.txt' }).waitFor()
    },
    'the palette': async () => {
      await press('Escape')
      await press('ControlOrMeta+k')
      await browser.page.getByRole('combobox', { name: /Search/ }).waitFor()
    },
    'the keys': async () => (await press('Escape'), await press('?'), await within('Keys')),
    'the period menu': async () => {
      await press('Escape')
      await click('[popovertarget="period-menu"]')
      await browser.page.getByRole('button', { name: 'Apply' }).waitFor()
    },
    'the comparison menu': async () => {
      await press('Escape')
      await click('#comparison')
      await browser.page.getByRole('button', { name: 'Apply' }).waitFor()
    },
    'saved views': async () => {
      await press('Escape')
      await click('#save-view')
      await within('Saved views')
    },
    sharing: async () => {
      await press('Escape')
      await click('#share')
      await browser.page.getByLabel('Address', { exact: true }).waitFor()
    },
    'the dialog of all values': async () => {
      await press('Escape')
      await browser.page.getByRole('button', { name: /of Pages, with every metric/ }).click()
      await browser.page.locator('dialog tbody tr').first().waitFor()
    },
    'a period without a hit': async () => {
      await follow(browser.page, `${stack.url}/s/${site}?p=2020-02-18`)
      await browser.page.getByText(/^Nothing\s+in Tue 18 Feb 2020$/).waitFor()
    },
    'what of an address is left out': async () => {
      await follow(browser.page, `${stack.url}/s/${site}?${period}&f=is,nosuch,x`)
      await browser.page.getByText('no field “nosuch”').waitFor()
      await settled(browser.page)
    },
    'all sites': () => go('/', 'All sites'),
    'the alerts of a site': () => go(`/s/${site}/alerts`, 'Last 24 hours'),
    'a rule and its back-test': async () => {
      await browser.page.getByRole('button', { name: /^High traffic/ }).click()
      await browser.page.getByText('have fired in this period').waitFor()
    },
    'the setup of a site': () => go(`/s/${site}/setup`, `Connect ${site}`),
    'the status of a site': () => go(`/s/${site}/status`, `Status of ${site}`),
    'refused records of no site': async () => {
      await stack.push(['of no site'], { type: 'text/plain' })
      await go('/s/*/status', 'Records without a site')
      await browser.page.getByLabel('Assign records without a site to').waitFor()
    },
    'the question before refused records are forgotten': async () => {
      await browser.page.getByRole('button', { name: 'Delete it …' }).click()
      await within('Delete a refused record?')
    },
    'the settings of a site': () => go(`/s/${site}/settings`, `Settings of ${site}`),
    'a site to connect': () => go('/connect', 'Connect a site'),
    'this device': () => go('/device', 'On this device'),
    'opening a file': () => go('/open', 'Open a file'),
    'what is not there': () => go('/nowhere', 'There is nothing here'),
    'a site with an invalid name': () => go('/s/%25', 'There is nothing here'),
    'signing in': async () => {
      await browser.context.clearCookies()
      await browser.page.goto(`${stack.url}/sign-in`)
      await browser.page.getByRole('heading', { name: 'Loggia' }).waitFor()
    },
    'the welcome': async () => {
      // A device that knows sites shows those.
      await browser.page.evaluate(() => localStorage.clear())
      await browser.page.goto(stack.url)
      await browser.page.getByRole('heading', { name: 'Your logs know who was here' }).waitFor()
    }
  }

  it.each(Object.keys(states))('of %s is not barred', async (name) => {
    await states[name]!()
    expect(await violations()).toEqual([])
  })

  it('of a section starts with a button that skips to its content', async () => {
    const { page } = browser
    await stack.signIn(browser.context)
    await page.goto(`${stack.url}/s/${site}/status`)
    await page.getByRole('heading', { name: `Status of ${site}` }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('main')
  })

  it('of no section is barred on a tablet and a phone', async () => {
    const { page } = browser
    const found = []
    for (const [name, [path, heading]] of Object.entries(sections)) {
      await follow(page, stack.url + path)
      await page.getByText(heading, { exact: true }).first().waitFor({ state: 'attached' })
      await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'))
      for (const width of [768, 390]) {
        await page.setViewportSize({ width, height: 900 })
        const themes = width === 390 ? ['light', 'dark'] : ['light']
        found.push(...(await violations(themes)).map((violation) => `${name}, ${width}, ${violation}`))
      }
    }
    expect(found).toEqual([])
    expect(browser.errors.filter((error) => error.includes('effect_update_depth_exceeded'))).toEqual([])
  })
})
