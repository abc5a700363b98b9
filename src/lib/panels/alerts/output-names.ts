import type { OutputKind, outputKinds } from '#lib/schema/away.ts'

/** How each kind of output is called. */
export const outputNames: Readonly<Record<OutputKind, string>> = {
  json: 'Webhook (JSON)',
  slack: 'Slack',
  discord: 'Discord',
  ntfy: 'ntfy',
  push: 'Browser'
}

/** What an address of each kind looks like. */
export const addressHints: Readonly<Record<(typeof outputKinds)[number], string>> = {
  json: 'https://example.com/hook',
  slack: 'https://hooks.slack.com/services/…',
  discord: 'https://discord.com/api/webhooks/…',
  ntfy: 'https://ntfy.sh/your-topic'
}
