import { placeOf, type ClassName } from '#lib/verdict/classes.ts'
import type { Traffic } from '#lib/filter/filter.ts'

/** SQL: whether a hit is of a class. */
export const isOf = (name: ClassName): string => `class = ${placeOf(name)}`

/** SQL: whether a hit is of the traffic one looks at. */
export const isLookedAt = (traffic: Traffic): string => (traffic === 'all' ? 'true' : isOf(traffic))

/** The class whose visitors and visits are counted: people, unless another class is chosen. */
export const audienceOf = (traffic: Traffic): ClassName => (traffic === 'all' ? 'people' : traffic)
