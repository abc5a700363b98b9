import { describe, expect, test } from 'vitest'
import { readAgent } from '#lib/enrich/agent.ts'
import type { Agent } from '#lib/enrich/agent.ts'
import { readBot } from '#lib/enrich/bots.ts'

export const khtml = '(KHTML, like Gecko)'
export const webKit = `AppleWebKit/537.36 ${khtml}`
export const windows = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit}`
export const mac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Chrome/141.0.0.0 Safari/537.36`
export const ipadAsMac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 ${khtml}`
export const iphone = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 ${khtml}`

export const android = (model: string, rest = 'Chrome/120.0.0.0 Mobile Safari/537.36') =>
  `Mozilla/5.0 (Linux; Android 11; ${model}) ${webKit} ${rest}`
export const large = 'Chrome/120.0.0.0 Safari/537.36'
export const webView = 'Version/4.0 Chrome/139.0.0.0 Mobile Safari/537.36'

export type Want = Partial<Agent> & { is_bot?: boolean; bot_name?: string }
export const chromePhone: Want = { browser: 'Chrome', os: 'Android', device: 'phone', is_bot: false }

/** Runs a test for each agent. The key is a statement that holds for its whole kind. */
export function testKinds(kinds: Record<string, [agent: string, want: Want][]>): void {
  describe.each(Object.entries(kinds))('%s', (_, rows) => {
    test.each(rows)('%s', (agent, want) => {
      expect({ ...readAgent(agent), ...readBot(agent) }).toMatchObject(want)
    })
  })
}
