import type { AlertRule } from '#lib/schema/alerts.ts'
import { Steps, type Course } from './course.ts'
import type { PerSecond } from './per-second.ts'

type Silence = Pick<AlertRule, 'field' | 'window'>

/** For how many seconds a value without hits is known. Without a field there is one silence, which has no end. */
export const memoryOf = ({ field, window }: Silence): number => (field === null ? Infinity : window)

/**
 * Seconds since the last hit, at each second from `from` to `to`. With a field, those of the value that has been silent
 * for the longest of those that were seen within the window.
 */
export function silenceOf(
  rule: Silence,
  { second, key }: Pick<PerSecond, 'second' | 'key'>,
  from: number,
  to: number
): Course {
  const memory = memoryOf(rule)
  const rows = second.length
  const steps = new Steps(2 * rows + 1, 1)
  /** The last second of each value, the oldest first. */
  const last = new Map<number, number>()
  const oldest = () => last.entries().next().value
  let head = 0
  for (let at = from; at <= to; at = next()) {
    for (; head < rows && second[head]! <= at; head++) {
      last.delete(key[head]!)
      last.set(key[head]!, second[head]!)
    }
    let first = oldest()
    for (; first && first[1] + memory <= at; first = oldest()) last.delete(first[0])
    steps.add(at, first ? at - first[1] : NaN)
  }
  return steps.end()

  function next(): number {
    const comes = head < rows ? second[head]! : Infinity
    const first = oldest()
    return Math.min(comes, first ? first[1] + memory : Infinity)
  }
}
