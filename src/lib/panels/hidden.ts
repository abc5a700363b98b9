import type { Traffic } from '#lib/filter/filter.ts'
import hidden from './hidden.sql?raw'
import without from './without.sql?raw'

const whose: Record<Traffic, string> = { all: 'true', people: 'NOT is_bot', bots: 'is_bot' }

/** How many requests the filter hides, of those of this traffic. */
export const hiddenSql = (traffic: Traffic) => hidden.replace('{traffic}', whose[traffic])

/** How many requests a selection holds. */
export const withoutSql = without
