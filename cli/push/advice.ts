import type { Advise } from '../../src/lib/push/judge.ts'

const newToken = 'Create one with "loggia token URL" and pass it in LOGGIA_TOKEN or --token.'

/** What to do about an error, by its code. */
const adviceBy: Record<string, string> = {
  other_site: 'Leave --site out, or pass a token for that site.',
  network: 'Send from another address, or change the networks of the token under Settings, Tokens.',
  wrong_scope: 'Pass an ingest token, which begins with lgi_, in LOGGIA_TOKEN or --token.',
  site: 'Choose another name for --site.',
  site_paused: 'Resume the site under Settings, then push again.',
  site_deleted: 'Choose another site with --site.'
}

/** What to do about an error, by its status. */
const adviceOf: Record<number, string> = {
  401: newToken,
  403: newToken,
  404: 'Check the address in LOGGIA_URL or --to.',
  405: 'Check the address in LOGGIA_URL or --to.'
}

/** What somebody at a terminal can do about an answer. */
export const advise: Advise = (status, code) => adviceBy[code] ?? adviceOf[status]
