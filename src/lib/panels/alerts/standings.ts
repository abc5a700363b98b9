import type { Standing } from '#lib/state/alerts.svelte.ts'

/** How each standing is said. */
export const standings: Readonly<Record<Standing, string>> = {
  firing: 'Firing',
  pending: 'Pending',
  recovered: 'Recovered',
  ok: 'OK',
  muted: 'Muted',
  failed: 'Cannot be checked',
  unknown: 'Not checked yet',
  off: 'Off'
}
