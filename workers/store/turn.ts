/**
 * One flush or compaction at a time in an isolate: objects of several sites can share one and its 128 MB.
 *
 * A lease, not a queue of promises: an object that is aborted while it has the turn never gives it back, and whoever
 * awaited its promise would hang for good.
 */
const lease = 5_000
let holder: symbol | null = null
let until = 0

/** Waits for the turn and does `work`; `renew` is called at least every few seconds while it goes on. */
export async function inTurn<T>(work: (renew: () => void) => Promise<T>): Promise<T> {
  const me = Symbol('turn')
  while (holder !== null && until > performance.now()) await scheduler.wait(20)
  const renew = () => {
    if (holder === me) until = performance.now() + lease
  }
  holder = me
  renew()
  try {
    return await work(renew)
  } finally {
    if (holder === me) holder = null
  }
}
