import type { Query } from '#lib/ask/query.ts'
import type { Variables } from '#lib/ask/selected.ts'
import { readNetwork } from '#lib/filter/network.ts'
import type { Subject } from './subject.ts'

/** No address lies in it. */
const noNetwork = ['', '', '']

/** The variable that the questions about a subject read, named by its kind. */
export const variableOf = ({ kind, value }: Subject): Variables => ({
  [kind]: kind === 'range' ? (readNetwork(value) ?? noNetwork) : value
})

/** Asks a question about a subject. */
export async function askAbout<Row>(query: Query, subject: Subject, sql: string): Promise<Row[]> {
  await query.set(variableOf(subject))
  return query.ask<Row>(sql)
}
