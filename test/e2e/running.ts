import { afterAll, beforeAll } from 'vitest'
import { openContext, type Browser } from './browser.ts'
import { lane } from './lane.ts'
import { OwnStack, Stack } from './stack.ts'

export let stack: Stack
/** The stack of a file that runs apart. */
export let own: OwnStack
export let browser: Browser

/**
 * Gives the tests of a file a session at the server of the run and a browser that knows nothing yet, prepared before the
 * first test. The server has the sites of all files: each file names its own.
 */
export function running(prepare?: () => Promise<void>): void {
  beforeAll(async () => {
    stack = await Stack.join(lane().server)
    await open(prepare)
  })
  afterAll(() => browser?.close())
}

/** The same at a server of its own, for tests that end it or that ask what is true of a whole server. */
export function runningApart(prepare?: () => Promise<void>): void {
  beforeAll(async () => {
    stack = own = await OwnStack.start()
    await open(prepare)
  })
  afterAll(async () => {
    await browser?.close()
    await own?.stop()
  })
}

async function open(prepare?: () => Promise<void>) {
  browser = await openContext(lane().browser)
  await prepare?.()
}
