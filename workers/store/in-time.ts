/** How long an answer is waited for, in ms. */
const patience = 60_000

/**
 * The answer of the platform. Throws if none comes in a minute: local R2 on a full disk has left a call without any, and
 * while an alarm waits for one, no other rings.
 *
 * @param call says in the error what was asked for
 */
export async function inTime<T>(call: string, answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to "${call}" in ${patience / 1_000} s`)), patience)
  })
  try {
    return await Promise.race([answer, silence])
  } finally {
    clearTimeout(timer)
  }
}
