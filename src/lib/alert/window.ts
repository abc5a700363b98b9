import type { AlertRule } from '#lib/schema/alerts.ts'
import { Steps, type Course } from './course.ts'
import { metrics } from './metrics.ts'
import type { PerSecond } from './per-second.ts'
import { silenceOf } from './silence.ts'

/**
 * The value of a rule's metric at each second from `from` to `to`, over the window that ends with it. Rows before
 * `from` count where the window reaches them. Only seconds at which the value changes are listed, and `from`.
 */
export function courseOf(rule: AlertRule, counts: PerSecond, from: number, to: number): Course {
  const contents = metrics[rule.metric].open?.(rule)
  if (!contents) return silenceOf(rule, counts, from, to)
  const { second, hits, base, key } = counts
  const rows = second.length
  const steps = new Steps(2 * rows + 1, 0)
  let [head, tail] = [0, 0]
  const pass = (at: number) => {
    for (; head < rows && second[head]! <= at; head++) contents.add(hits[head]!, base[head]!, key[head]!)
    for (; tail < head && second[tail]! + rule.window <= at; tail++)
      contents.add(-hits[tail]!, -base[tail]!, key[tail]!)
  }
  for (let at = from; at <= to; at = next()) {
    pass(at)
    steps.add(at, contents.value() ?? NaN)
  }
  return steps.end()

  function next(): number {
    const comes = head < rows ? second[head]! : Infinity
    const goes = tail < head ? second[tail]! + rule.window : Infinity
    return Math.min(comes, goes)
  }
}
