import type { TestProject } from 'vitest/node'
import { serveBrowser } from './browser.ts'
import type { Lane } from './lane.ts'
import { OwnStack } from './stack.ts'

/** Starts a server and a browser for each worker of a run, which its files share, and returns what ends them. */
export default async function start({ config, provide }: TestProject) {
  const started = await Promise.all(Array.from({ length: config.maxWorkers }, open))
  provide(
    'lanes',
    started.map(({ lane }) => lane)
  )
  return async () => {
    await Promise.all(started.map(({ close }) => close()))
  }
}

async function open(): Promise<{ lane: Lane; close(): Promise<void> }> {
  const stack = await OwnStack.start()
  const browser = await serveBrowser()
  const { url, password, token } = stack
  const close = async () => {
    await browser.close()
    await stack.stop()
  }
  return { lane: { server: { url, password, token }, browser: browser.wsEndpoint() }, close }
}
