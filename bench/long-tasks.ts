import type { BrowserContext, Page } from 'playwright-core'

declare global {
  var loggiaTasks: number[]
}

/** Notes how long pages keep their thread busy at a stretch, from 50 ms on. */
export async function watchTasks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    globalThis.loggiaTasks = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) loggiaTasks.push(duration)
    }).observe({ type: 'longtask', buffered: true })
  })
}

/** Milliseconds of the longest since the page was opened or this was called; 0 when none took 50. */
export const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, ...loggiaTasks.splice(0)))
