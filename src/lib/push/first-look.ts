import { accept } from '../accept/accept.ts'
import { isFields } from '../accept/fields.ts'
import { bodyOf } from './body.ts'
import type { Header } from './cut.ts'
import type { Preview, Refusal } from './judge.ts'
import type { Receiver } from './receiver.ts'
import { NoSite, Unreadable } from './unreadable.ts'

/** Bytes of a log that are previewed before the first batch. */
const firstLook = 1 << 16

/** Throws `Unreadable` if nothing of the first lines of a log would become a right hit. */
export async function lookFirst(
  { text, header }: { text: Uint8Array; header: Header },
  receiver: Receiver,
  service?: string
): Promise<void> {
  const few = text.subarray(0, text.lastIndexOf(0x0a, firstLook) + 1)
  for (const some of few.length > 0 && text.length > firstLook ? [few, text] : [text]) {
    const body = bodyOf(some, header, service)
    const preview = await receiver.preview(body)
    if (preview.sites.some(({ accepted }) => accepted > 0)) return checkTimes(preview)
    if (some === text) throw whyUnread(body, preview.errors)
  }
}

/** Throws if no hit has a time of its own: an old log would count as of now. */
function checkTimes({ sites }: Preview): void {
  const hits = sites.flatMap(({ hits }) => hits)
  const isFlagged = ({ flags }: Hit, flag: string) => flags?.split(',').includes(flag) === true
  const timeless = hits.filter((hit) => isFlagged(hit, 'no_time'))
  const zoneless = hits.filter((hit) => isFlagged(hit, 'no_zone'))
  if (timeless.length + zoneless.length < hits.length) return
  if (zoneless.length > 0)
    throw new Unreadable(
      'its times name no time zone, so its lines would count as of now. Choose the zone of the site under Settings, then send it again.'
    )
  const written = timeless.map(unreadTime).find((time) => time !== undefined)
  if (written !== undefined)
    throw new Unreadable(
      `its times can't be read, so its lines would count as of now: ${written}. Log them as ISO 8601, as in 2026-01-15T10:11:12Z.`
    )
  throw new Unreadable('its lines name no time, so they would count as of now. Log the time as well.')
}

type Hit = Preview['sites'][number]['hits'][number]

/** The time of a hit as its line wrote it, if it could not be read. */
function unreadTime({ extra }: Hit): string | undefined {
  const fields: unknown = extra ? JSON.parse(extra) : null
  return isFields(fields) && fields.time !== undefined ? JSON.stringify(fields.time).slice(0, 60) : undefined
}

function whyUnread(body: Uint8Array, errors: readonly Refusal[]): Unreadable {
  if (errors.some(({ reason }) => reason === 'site') || (errors.length === mostErrors && isRead(body)))
    return new NoSite('its lines name no site, and the token is for all sites. Say which one: --site NAME')
  return new Unreadable(describeUnread(errors))
}

/** The Worker lists so many refusals; one for want of a site may be behind them. */
const mostErrors = 20

/** Whether lines of a body are requests, whatever their site. */
const isRead = (body: Uint8Array) => accept(body, { received: 0, token: null, is_single: true }).hits.size > 0

function describeUnread(errors: readonly Refusal[]): string {
  const lines = errors.slice(0, 3).map(({ message, sample }) => {
    const isShown = message.includes(sample.slice(0, 16))
    return `\n  ${message}${isShown ? '' : `\n    ${sample.slice(0, 160)}`}`
  })
  return `the Worker can read none of its first lines, and nothing of it was stored:${lines.join('')}`
}
