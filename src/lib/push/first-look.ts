import { bodyOf } from './body.ts'
import type { Header } from './cut.ts'
import type { Preview, Refusal } from './judge.ts'
import type { Receiver } from './receiver.ts'
import { Unreadable } from './unreadable.ts'

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
    const preview = await receiver.preview(bodyOf(some, header, service))
    if (preview.sites.some(({ accepted }) => accepted > 0)) return checkTimes(preview)
    if (some === text) throw new Unreadable(describeUnread(preview.errors))
  }
}

/** Throws if the hits have no time of their own: an old log would count as of now. */
function checkTimes({ sites }: Preview): void {
  const flags = sites.flatMap(({ hits }) => hits.map(({ flags }) => flags?.split(',') ?? []))
  if (flags.every((words) => words.includes('no_zone')))
    throw new Unreadable(
      'its times name no time zone, so its lines would count as of now. Choose the zone of the site under Settings, then send it again.'
    )
  if (flags.every((words) => words.includes('no_time')))
    throw new Unreadable('its lines name no time, so they would count as of now. Log the time as well.')
}

function describeUnread(errors: readonly Refusal[]): string {
  if (errors[0]?.reason === 'site')
    return 'its lines name no site, and the token is for all sites. Say which one: --site NAME'
  const lines = errors.slice(0, 3).map(({ message, sample }) => {
    const isShown = message.includes(sample.slice(0, 16))
    return `\n  ${message}${isShown ? '' : `\n    ${sample.slice(0, 160)}`}`
  })
  return `the Worker can read none of its first lines, and nothing of it was stored:${lines.join('')}`
}
