import { classes, type ClassName, type TrafficClass } from '#lib/filter/classes.ts'
import type { Traffic } from '#lib/filter/filter.ts'

const tested: readonly TrafficClass[] = classes.slice(1)

/** SQL for the class of a hit: its place in the list of classes. */
export const classOf = `CASE ${tested.map(({ test }, i) => `WHEN ${test} THEN ${i + 1}::UTINYINT`).join(' ')} ELSE 0::UTINYINT END`

/** The place of a class in the list. */
export const placeOf = (name: ClassName): number => classes.findIndex((one) => one.name === name)

/** SQL: whether a hit is of a class. */
export function isOf(name: ClassName): string {
  const place = placeOf(name)
  const others = tested.slice(0, place ? place - 1 : undefined).map(({ test }) => `(${test}) IS NOT TRUE`)
  return [...others, ...tested.slice(place - 1, place).map(({ test }) => `(${test})`)].join(' AND ')
}

/** SQL: whether a hit is of the traffic one looks at. */
export const isLookedAt = (traffic: Traffic): string => (traffic === 'all' ? 'true' : isOf(traffic))

/** The class whose visitors and visits are counted: people, unless another class is chosen. */
export const audienceOf = (traffic: Traffic): ClassName => (traffic === 'all' ? 'people' : traffic)
