import type { OutputKind } from '#lib/schema/away.ts'

/** How each kind of output is called. */
export const outputNames: Readonly<Record<OutputKind, string>> = {
  json: 'Webhook (JSON)',
  slack: 'Slack',
  discord: 'Discord',
  ntfy: 'ntfy'
}

/** What an address of each kind looks like. */
export const addressHints: Readonly<Record<OutputKind, string>> = {
  json: 'https://example.com/hook',
  slack: 'https://hooks.slack.com/services/…',
  discord: 'https://discord.com/api/webhooks/…',
  ntfy: 'https://ntfy.sh/your-topic'
}
