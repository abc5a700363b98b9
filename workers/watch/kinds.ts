import { around } from '#lib/alert/around.ts'
import { metrics } from '#lib/alert/metrics.ts'
import type { Notice, OutputKind } from '#lib/schema/away.ts'

/** What is posted to an output. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What the service worker of the page shows. */
export interface PushText {
  title: string
  body: string
  tag: string
  path: string
  /** The time around the alert, in ms: only the browser knows its zone, by which an address says it. */
  from?: number
  to?: number
}

const json = { 'content-type': 'application/json' }

/** What each kind of output understands. */
const kinds: { readonly [K in OutputKind]: (notice: Notice) => Message } = {
  json: (notice) => ({
    headers: json,
    body: JSON.stringify({
      ...notice,
      fired: isoOf(notice.fired),
      until: notice.until === null ? null : isoOf(notice.until),
      unit: metrics[notice.rule.metric].unit,
      text: textOf(notice)
    })
  }),
  slack: (notice) => ({
    headers: json,
    body: JSON.stringify({ text: `${escaped(textOf(notice))}\n${notice.url}` })
  }),
  discord: (notice) => ({
    headers: json,
    body: JSON.stringify({
      content: `${textOf(notice)}\n${notice.url}`,
      // A title must not call everybody of a channel.
      allowed_mentions: { parse: [] }
    })
  }),
  ntfy: (notice) => ({
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      priority: priorities[notice.is === 'fired' ? notice.rule.severity : 'info'],
      tags: tags[notice.is],
      click: notice.url
    },
    body: textOf(notice)
  }),
  push: ({ is, site, rule, ...notice }) => ({
    headers: {
      'content-type': 'application/octet-stream',
      'content-encoding': 'aes128gcm',
      // Seconds for which the push service keeps it for a device that is off.
      ttl: '86400',
      urgency: is === 'fired' && rule.severity !== 'info' ? 'high' : 'normal'
    },
    body: JSON.stringify({
      title: `${rule.title}: ${site}`,
      body: textOf({ is, site, rule, ...notice }),
      tag: `${site} ${rule.id}`,
      path: new URL(notice.url).pathname + new URL(notice.url).hash,
      ...(is !== 'test' && around(notice, rule.window))
    } satisfies PushText)
  })
}

/** The message of a notice in the words of an output. */
export const messageOf = (kind: OutputKind, notice: Notice): Message => kinds[kind](notice)

const priorities = { info: 'default', warning: 'high', critical: 'urgent' } as const
const tags = { fired: 'rotating_light', recovered: 'white_check_mark', test: 'wrench' } as const

/** A notice as a sentence. */
function textOf({ is, site, rule, value, fired, until }: Notice): string {
  if (is === 'test') return `Test of the alerts of ${site}: Loggia can send here.`
  if (is === 'recovered') return `${rule.title} recovered on ${site} at ${isoOf(until!)}.`
  const amount = `${Number(value.toPrecision(3))} ${metrics[rule.metric].unit}`
  const limit = `${rule.comparator === 'above' ? 'at least' : 'below'} ${rule.threshold}`
  const over = rule.metric === 'silence' ? 'without a request' : `over ${rule.window} s`
  return `${rule.title} fires on ${site}: ${amount} ${over} (${limit}) since ${isoOf(fired)}.`
}

const isoOf = (second: number) => new Date(second * 1_000).toISOString().replace('.000', '')

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Slack reads `<!channel>` as a call to everybody. */
const escaped = (text: string) => text.replace(/[&<>]/g, (character) => entities[character]!)
