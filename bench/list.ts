import type { Page } from 'playwright-core'
import { longestTask } from './long-tasks.ts'
import { median, quantile } from './report.ts'

/** What is done in the list of lines, and how it ends: every row in sight has its line, or one stands on another line. */
interface Move {
  readonly what: string
  readonly times: number
  /** A key, or where the bar goes: by so many pixels, or to a share of all that changes from time to time. */
  readonly by: { key: string } | { pixels: number } | { jump: number }
  readonly aim: string
}

const moves: readonly Move[] = [
  { what: 'a page by the wheel', times: 20, by: { pixels: 560 }, aim: '50 ms' },
  { what: 'a jump by the bar', times: 20, by: { jump: 0.377 }, aim: '150 ms' },
  { what: 'a page by the wheel, amid all lines', times: 20, by: { pixels: 560 }, aim: '50 ms' },
  { what: 'G, to the last line', times: 1, by: { key: 'G' }, aim: '150 ms' },
  { what: 'g, to the first line', times: 1, by: { key: 'g' }, aim: '150 ms' },
  { what: 'Space, a page', times: 10, by: { key: ' ' }, aim: '50 ms' },
  { what: 'e, the next error', times: 10, by: { key: 'e' }, aim: '150 ms' },
  { what: 'E, the one before', times: 8, by: { key: 'E' }, aim: '150 ms' }
]
const searchMoves: readonly Move[] = [
  { what: 'n, the next match', times: 10, by: { key: 'n' }, aim: '150 ms' },
  { what: 'N, the one before', times: 8, by: { key: 'N' }, aim: '150 ms' }
]

/** How long a move took, in milliseconds. */
export interface Moved {
  what: string
  middle: number
  most: number
  aim: string
}

/** Moves through the list of a page that shows it, and gives the longest task of the page's thread meanwhile, too. */
export async function moveAbout(page: Page, find: string): Promise<{ moved: Moved[]; task: number }> {
  await longestTask(page)
  const moved = []
  for (const move of moves) moved.push(await measureMove(page, move))
  await page.keyboard.press('/')
  await page.keyboard.type(find)
  await page.waitForFunction(() =>
    /[1-9][\d,]* hits?/.test(document.querySelector('p.status')?.textContent ?? '')
  )
  await page.keyboard.press('Escape')
  for (const move of searchMoves) moved.push(await measureMove(page, move))
  return { moved, task: await longestTask(page) }
}

async function measureMove(page: Page, { what, times, by, aim }: Move): Promise<Moved> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    const step = 'jump' in by ? { share: (0.11 + i * by.jump) % 1 } : by
    all.push(await page.evaluate(moveOnce, step))
    await page.waitForTimeout(200)
  }
  return { what, middle: median(all), most: quantile(all, 1), aim }
}

/** Runs in the page. */
async function moveOnce(step: { key?: string; pixels?: number; share?: number }): Promise<number> {
  const list = document.querySelector<HTMLElement>('[role=grid]')!
  const line = () => document.querySelector('p.status b')?.textContent
  const before = line()
  const start = performance.now()
  if (step.key) {
    const { key } = step
    list.focus()
    list.dispatchEvent(
      new KeyboardEvent('keydown', { key, shiftKey: /[A-Z]/.test(key), bubbles: true, cancelable: true })
    )
  } else if (step.pixels) list.scrollTop += step.pixels
  else list.scrollTop = (list.scrollHeight - list.clientHeight) * (step.share ?? 0)
  const isThere = () =>
    !list.querySelector('[aria-busy=true]') && (!step.key || line() !== before) && list.querySelector('time')
  do {
    await new Promise((done) => setTimeout(done, 2))
    if (performance.now() - start > 20_000) throw new Error(`nothing came of ${JSON.stringify(step)}`)
  } while (!isThere())
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)))
  return performance.now() - start
}
