/** What a list offers, and under which heading. */
export interface Choice {
  key: string
  text: string
  group?: string
  /** Comes first, bold: a country's code, a status. */
  lead?: string
  /** Stands at the end: a count, a key. */
  aside?: string
  isChosen?: boolean
}
