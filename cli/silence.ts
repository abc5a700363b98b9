import { setTimeout as sleep } from 'node:timers/promises'

const tries = 3
const patience = 10_000

/**
 * Resolves when a server has gone silent. wrangler starts the workerd on its port anew when that was killed, and never
 * tells it where the Worker is: it takes connections and answers none.
 */
export async function untilSilent(url: string): Promise<void> {
  for (let missed = 0; missed < tries;) {
    await sleep(missed ? 1_000 : 5_000, undefined, { ref: false })
    missed = (await answers(url)) ? 0 : missed + 1
  }
}

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/api/health`, { signal: AbortSignal.timeout(patience) }).then(
    () => true,
    () => false
  )
