import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchBrowser, type Browser } from '../test/e2e/browser.ts'
import { OwnStack } from '../test/e2e/stack.ts'
import { listen } from './asked.ts'
import { watchTasks } from './long-tasks.ts'
import { watchMemory, type Memory } from './renderers.ts'

interface Bench {
  stack: OwnStack
  browser: Browser
  memory: Memory
}

/** Runs `work` with a server and a signed-in browser of its own, whose questions, long tasks and memory are watched. */
export async function inBrowser<T>(work: (bench: Bench) => Promise<T>): Promise<T> {
  const stack = await OwnStack.start()
  const profile = mkdtempSync(join(tmpdir(), 'loggia-device-'))
  const browser = await launchBrowser(profile)
  const memory = watchMemory(profile)
  try {
    await stack.signIn(browser.context)
    await listen(browser.context)
    await watchTasks(browser.context)
    return await work({ stack, browser, memory })
  } finally {
    memory.stop()
    await browser.close()
    rmSync(profile, { recursive: true, force: true })
    await stack.stop()
  }
}
