import type { Query } from '#lib/ask/query.ts'
import type { Subject } from './subject.ts'

/** Asks a question about a subject: the variable of its kind holds its value. */
export async function askAbout<Row>(query: Query, { kind, value }: Subject, sql: string): Promise<Row[]> {
  await query.set({ [kind]: value })
  return query.ask<Row>(sql)
}
