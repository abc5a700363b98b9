import type { Traffic } from '#lib/filter/filter.ts'
import { isLookedAt } from '#lib/ask/class-of.ts'
import { fill } from '#lib/engine/fill.ts'
import hidden from './hidden.sql?raw'
import without from './without.sql?raw'

/** How many requests the filter hides, of those of this traffic. */
export const hiddenSql = (traffic: Traffic) => fill(hidden, { traffic: isLookedAt(traffic) })

/** How many requests a selection holds. */
export const withoutSql = without
