import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'

/** Milliseconds that a page which has loaded so many hits is left alone: it makes its roll-ups meanwhile. */
export const untilRolled = (requests: number) => Math.max(20_000, requests / 100)

/** Opens an address and gives the milliseconds from navigation to all panels over all `requests`, agreeing to load more. */
export async function openAll(page: Page, address: string, requests: number): Promise<number> {
  await page.goto(address, { waitUntil: 'commit' })
  const done = await page.waitForFunction(
    (wanted) => {
      const more = document.querySelector<HTMLButtonElement>('.notice button:not([data-agreed])')
      if (more?.textContent?.startsWith('Load')) {
        more.dataset.agreed = ''
        more.click()
      }
      const figure = document.querySelector('#figure-requests')?.getAttribute('title') ?? ''
      const isShown = Number(figure.replace(/\D/g, '')) === wanted
      const isBusy = document.querySelector('[aria-busy="true"], .skeleton') !== null
      return isShown && !isBusy ? performance.now() : null
    },
    requests,
    { timeout: Math.max(180_000, requests / 20), polling: 20 }
  )
  return (await done.jsonValue())!
}

/** What is clicked: a row of a panel, or one of the buttons above. */
export interface Target {
  name: string
  selector: string
  isExcluding?: boolean
}

const row = (panel: string, place: number): string =>
  `section[aria-labelledby="panel-${panel}"] li:nth-child(${place}) > button:first-child`

export const targets: readonly Target[] = [
  { name: 'a page', selector: row('pages', 1) },
  { name: 'a referrer', selector: row('sources', 2) },
  { name: 'a country', selector: row('places', 1) },
  { name: 'an address', selector: row('offenders', 2) },
  { name: 'a status', selector: row('status', 1) },
  { name: 'a bot', selector: row('bots', 1) },
  { name: 'a browser', selector: row('clients', 1) },
  { name: 'another browser', selector: row('clients', 2) },
  { name: 'people', selector: '.traffic button:nth-child(2)' },
  { name: 'bots', selector: '.traffic button:nth-child(3)' },
  { name: 'without a status', selector: row('status', 2), isExcluding: true }
]

/** Milliseconds from a click to the answer of the last panel. */
export function click(page: Page, { selector, isExcluding = false }: Target): Promise<number> {
  return page.evaluate(
    ([selector, altKey]) =>
      new Promise<number>((resolve, reject) => {
        const element = document.querySelector(selector)
        if (!element) return reject(new Error(`nothing to click at ${selector}`))
        let wasBusy = false
        let calm: ReturnType<typeof setTimeout> | undefined
        const start = performance.now()
        const look = () => {
          clearTimeout(calm)
          if (document.querySelector('[aria-busy="true"]')) return void (wasBusy = true)
          if (!wasBusy) return
          const took = performance.now() - start
          calm = setTimeout(() => {
            observer.disconnect()
            resolve(took)
          }, 200)
        }
        const observer = new MutationObserver(look)
        observer.observe(document.body, { subtree: true, attributeFilter: ['aria-busy'] })
        element.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, altKey }))
      }),
    [selector, isExcluding] as const
  )
}

/** Waits until the page has gone back to answers that it knows. */
export async function settle(page: Page): Promise<void> {
  await sleep(300)
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
}
