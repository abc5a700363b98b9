import { fill } from '#lib/engine/fill.ts'
import type { VisitField } from '#lib/filter/dimension.ts'
import type { ColumnName } from '#lib/schema/hit.ts'
import { codeOf, namesOf, type Code, type Lookup } from '#lib/star/star.ts'
import visitPage from './visit-page.sql?raw'

/** A column of the first or the last page of a visit. */
export interface VisitPage {
  readonly column: 'path' | 'source' | 'query'
  readonly end: 'first' | 'last'
}

/** Values that are made of texts: `from` gives the text of each `key`. */
export const looked = (key: string, from: string): Code => ({
  join: `JOIN ${from} AS looked ON looked.key = hit.${key}`,
  code: 'looked.value',
  names: null,
  isText: true
})

/** Where a visit came from. A visit that begins on the site itself went on after a pause: it came directly. */
const origin = (field: ColumnName, direct: string) => ({
  page: { column: 'source', end: 'first' } as const,
  by: {
    join: `JOIN (
    SELECT source, CASE WHEN kind.value = 'internal' THEN ${direct} ELSE ${field} END AS ${field}
    FROM sources JOIN ${namesOf('referrer_kind')} AS kind ON kind.key = referrer_kind
  ) AS origin USING (source)`,
    code: field,
    names: namesOf(field)
  }
})

const campaign = (name: 'source' | 'medium' | 'campaign') => ({
  page: { column: 'query', end: 'first' } as const,
  by: looked(
    'query',
    `(
    SELECT key, regexp_extract(value, '(?:^|&)utm_${name}=([^&]+)', 1) AS value
    FROM ${namesOf('query')}
    WHERE contains(value, 'utm_${name}=') AND regexp_matches(value, '(?:^|&)utm_${name}=[^&]')
  )`
  )
})

/** What each field of a visit is read of, and how to group visits by it. */
export const visitFields: Record<VisitField, { page: VisitPage; by: Code }> = {
  entry_page: { page: { column: 'path', end: 'first' }, by: codeOf('path') },
  exit_page: { page: { column: 'path', end: 'last' }, by: codeOf('path') },
  visit_source: origin('referrer_domain', '0'),
  visit_source_kind: origin(
    'referrer_kind',
    `coalesce((SELECT key FROM ${namesOf('referrer_kind')} WHERE value = 'direct'), 0)`
  ),
  utm_source: campaign('source'),
  utm_medium: campaign('medium'),
  utm_campaign: campaign('campaign')
}

/** SQL that can stand behind FROM: visits of hits, under the name `hit`. */
export const visitsOf = ({ column, end }: VisitPage, hits: string): string =>
  `(${fill(visitPage, { column, end: end === 'first' ? 'arg_min' : 'arg_max', hits })}) AS hit`

/**
 * The hits of every visit that has one in a period of the selection: a visit is of one UTC day. SQL that can stand behind
 * FROM.
 */
export const hitsOfVisits = `(
  FROM hits
  WHERE is_request
    AND time >= date_trunc('day', getvariable('whole_from'))
    AND time < date_trunc('day', getvariable('whole_to') - INTERVAL 1 MICROSECOND) + INTERVAL 1 DAY
)`

/** The code of a field, by visits. Without a campaign a visit has none. */
const codesOf = (field: VisitField) => {
  const { page, by } = visitFields[field]
  return {
    code: by.code,
    from: `${visitsOf(page, hitsOfVisits)} ${by.join && `LEFT ${by.join}`}`,
    names: by.names
  }
}

/** Where to find the value of each visit that has a page. */
export function lookupOfVisits(field: VisitField): Lookup {
  const { code, from, names } = codesOf(field)
  return {
    key: 'visit',
    from: names
      ? `(SELECT visit AS key, names.value FROM ${from} JOIN ${names} AS names ON names.key = ${code})`
      : `(SELECT visit AS key, ${code} AS value FROM ${from})`
  }
}

/** How to group the hits of visits that have a page. */
export function codeOfVisits(field: VisitField): Code {
  const { code, from, names } = codesOf(field)
  return {
    join: `JOIN (SELECT visit, ${code} AS ${field} FROM ${from}) AS of_visit USING (visit)`,
    code: `of_visit.${field}`,
    names
  }
}
