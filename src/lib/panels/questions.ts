import type { Traffic } from '#lib/data/filter.ts'
import { sqlOf, type Dimension } from '#lib/data/dimension.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import hidden from './hidden.sql?raw'
import suggest from './suggest.sql?raw'
import values from './values.sql?raw'
import without from './without.sql?raw'

const whose: Record<Traffic, string> = { all: 'true', people: 'NOT is_bot', bots: 'is_bot' }

/** How many requests the filter hides, of those of this traffic. */
export const hiddenSql = (traffic: Traffic) => hidden.replace('{traffic}', whose[traffic])

/** What a value of a filter may be, with how often it is there; the variable `typed` narrows it. */
export const suggestSql = (field: Dimension) => suggest.replaceAll('{column}', sqlOf(field))

/** How many requests a selection holds. */
export const withoutSql = without

/** What the palette can jump to. */
export const valuesSql = (fields: readonly ColumnName[]) =>
  fields.map((field) => values.replaceAll('{column}', field)).join('\nUNION ALL\n')
