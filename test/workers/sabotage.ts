import { env } from 'cloudflare:test'

/** What goes wrong with a call to the platform. */
export const manners = ['before', 'after', 'answer lost'] as const
export type Manner = (typeof manners)[number]

/** A call to the platform that fails: the `at`-th of what is tried. */
export interface Point {
  at: number
  manner: Manner
}

type Method = (...args: unknown[]) => unknown

/** Every call to the platform that changes something or leaves the object: each is a place to crash. */
let calls: string[] = []
let point: Point | null = null
let victim: DurableObjectState | null = null
let isOn = false

/** What was called since the last `sabotage`. */
export const called = () => calls

/** Runs `work` in which the object crashes at a point; with none, its calls are only counted. */
export async function sabotage<T>(
  state: DurableObjectState,
  where: Point | null,
  work: () => Promise<T>
): Promise<T> {
  calls = []
  point = where
  victim = state
  isOn = true
  try {
    return await work()
  } finally {
    isOn = false
  }
}

function crash(): never {
  victim!.abort('crash')
  throw new Error('crash')
}

/** Stands before a method of the platform. */
function guard(prototype: object, name: string, counts: (...args: unknown[]) => boolean = () => true): void {
  const methods = prototype as Record<string, Method>
  const original = methods[name]!
  methods[name] = function (this: unknown, ...args: unknown[]) {
    if (!isOn || !counts(...args)) return original.apply(this, args)
    const manner = point?.at === calls.push(name) - 1 ? point.manner : null
    if (manner === null) return original.apply(this, args)
    isOn = false
    if (manner === 'before') return crash()
    const fail = () => {
      if (manner === 'after') return crash()
      throw new Error('the answer is lost')
    }
    const result = original.apply(this, args)
    return result instanceof Promise ? result.then(fail) : fail()
  }
}

const isWrite = (query: unknown) => /^\s*(?:insert|update|delete)\b/i.test(String(query))

let isInstalled = false

/** Stands before all of them, from now on; once an isolate. */
export function install(state: DurableObjectState): void {
  if (isInstalled) return
  isInstalled = true
  const bucket = Object.getPrototypeOf(env.PARTS) as object
  for (const name of ['put', 'head', 'get', 'list', 'delete']) guard(bucket, name)
  const storage = Object.getPrototypeOf(state.storage) as object
  for (const name of ['transactionSync', 'setAlarm']) guard(storage, name)
  guard(Object.getPrototypeOf(state.storage.sql) as object, 'exec', isWrite)
}
