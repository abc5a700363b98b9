import { inTime } from '../in-time.ts'

/** How long the platform is waited for, in ms. */
const patience = 60_000

/**
 * The answer of the platform. Throws if none comes in a minute: local R2 on a full disk has left a call without any, and
 * while an alarm waits for one, no other rings.
 *
 * @param call says in the error what was asked for
 */
export const answered = <T>(call: string, answer: Promise<T>): Promise<T> =>
  inTime(patience, answer, () => new Error(`no answer to "${call}" in ${patience / 1_000} s`))
