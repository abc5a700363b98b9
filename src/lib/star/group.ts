import { columns, type ColumnName } from '#lib/schema/hit.ts'
import {
  countOf,
  isTexts,
  type InsertColumn,
  type Numbers,
  type ReadColumn,
  type Texts
} from '#lib/engine/columns.ts'
import { isPage, isViewed } from './page-view.ts'
import { familyOf, probedFields } from './probes.ts'
import { columnsOf, fieldOf, hitColumns, isWord, shared, type Shared } from './star.ts'
import { decodeTexts, encodeTexts, joinTexts } from '#lib/engine/texts.ts'
import { distinctRows, type Distinct } from './tuples.ts'
import { findVisits, type KnownVisits } from './visits.ts'

/** Rows to insert. Each step returns rows for the engine to number, and the next step takes the numbers in their order. */
export interface Incoming {
  /** The words and visitors of the rows, each once. */
  words(): Promise<Record<'words' | 'visitors', InsertColumn[]>>
  /** The clients and sources of the rows, each once. */
  tuples(numbers: Record<'words' | 'visitors', Int32Array>): Promise<Record<Shared, InsertColumn[]>>
  /** The rows of the table `hits`, and the visits of the store that they join: `visit` becomes `into`. */
  hits(
    numbers: Record<Shared, Int32Array>,
    known: KnownVisits
  ): Promise<Record<'hits' | 'joined', InsertColumn[]>>
}

interface Coded<Words> {
  words: Words
  places: Uint32Array
}

/** A row group, or several that were merged. */
export class Group implements Incoming {
  readonly #rows: number
  readonly #read: ReadonlyMap<ColumnName, ReadColumn>
  readonly #words: ReadonlyMap<ColumnName, Coded<Texts>>
  readonly #hashes: Coded<Numbers>
  /** By column: the number of each row's word, visitor, client or source. */
  readonly #numbers = new Map<string, Int32Array>()
  readonly #tuples = new Map<Shared, Distinct>()
  #visitors: Int32Array = new Int32Array()

  constructor(rows: number, read: ReadonlyMap<ColumnName, ReadColumn>) {
    this.#rows = rows
    this.#read = read
    const worded = columns.filter(({ name }) => isWord(name) && read.has(name))
    this.#words = new Map(worded.map(({ name }) => [name, asTexts(read.get(name)!)]))
    this.#hashes = asCoded(read.get('visitor') ?? this.#nothing())
  }

  async words() {
    const fields = [...this.#words].map(([name, { words }]) => ({ field: fieldOf(name), words }))
    const sizes = fields.map(({ words }) => countOf(words))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    const field = new Uint8Array(total)
    let at = 0
    for (const [i, size] of sizes.entries()) field.fill(fields[i]!.field, at, (at += size))
    const words: InsertColumn[] = [
      { name: 'place', type: 'INTEGER', values: countUp(total) },
      { name: 'field', type: 'UTINYINT', values: field },
      { name: 'word', type: 'VARCHAR', values: joinTexts(fields.map(({ words }) => words)) },
      this.#families(total)
    ]
    const hashes = this.#hashes.words
    const visitors: InsertColumn[] = [
      { name: 'place', type: 'INTEGER', values: countUp(hashes.length) },
      { name: 'hash', type: 'UBIGINT', values: hashes.slice() }
    ]
    return { words, visitors }
  }

  async tuples({ words, visitors }: Record<'words' | 'visitors', Int32Array>) {
    let at = 0
    for (const [name, { words: own, places }] of this.#words) {
      const size = countOf(own)
      this.#numbers.set(name, numbered(places, words.subarray(at, at + size)))
      at += size
    }
    this.#visitors = visitors
    this.#numbers.set('visitor', numbered(this.#hashes.places, visitors))
    for (const name of shared) {
      // Almost every visitor has one address and one user agent, so its clients follow from it.
      const { places, words } = name === 'client' ? this.#hashes : (this.#words.get('referrer') ?? this.#none)
      const start = { places, count: countOf(words) + 1 }
      this.#tuples.set(
        name,
        distinctRows(
          start,
          columnsOf(name).map((column) => this.#numbersOf(column))
        )
      )
    }
    return { client: this.#tuplesOf('client'), source: this.#tuplesOf('source') }
  }

  async hits(numbers: Record<Shared, Int32Array>, known: KnownVisits) {
    for (const name of shared)
      this.#numbers.set(name, numbered(this.#tuples.get(name)!.places, numbers[name]))
    const derived: Record<string, Uint8Array> = {
      is_request: this.#areRequests(),
      is_page_view: this.#areViews(),
      class: this.#areBots()
    }
    const { visits, joined } = findVisits(
      {
        places: this.#hashes.places,
        visitors: this.#visitors,
        times: this.#times(),
        counts: derived.is_request!
      },
      known
    )
    this.#numbers.set('visit', visits)
    const hits = hitColumns.map(({ name, type }): InsertColumn => {
      const values = this.#numbers.get(name) ?? derived[name]
      if (values) return { name, type, values }
      if (type === 'INTEGER') return { name, type, values: new Int32Array(this.#rows) }
      const read = this.#read.get(name as ColumnName)
      if (!read)
        return type === 'VARCHAR'
          ? { name, type, values: this.#none.words, places: this.#none.places }
          : { name, type, ...this.#nothing() }
      return 'words' in read
        ? { name, type, values: read.words, places: read.places }
        : { name, type, ...read }
    })
    return {
      hits,
      joined: [
        { name: 'visit', type: 'INTEGER', values: Int32Array.from(joined, ({ visit }) => visit) },
        { name: 'into', type: 'INTEGER', values: Int32Array.from(joined, ({ into }) => into) }
      ] satisfies InsertColumn[]
    }
  }

  /** What family of probes each word is of. */
  #families(total: number): InsertColumn {
    const names = ['']
    const places = new Uint32Array(total)
    let at = 0
    for (const [name, { words }] of this.#words) {
      const field = probedFields.find((one) => one === name)
      if (field)
        for (const [i, word] of decodeTexts(words).entries()) {
          const family = familyOf(field, word)
          if (family === null) continue
          const place = names.indexOf(family)
          places[at + i] = place > 0 ? place : names.push(family) - 1
        }
      at += countOf(words)
    }
    return { name: 'family', type: 'VARCHAR', values: encodeTexts(names.slice(1)), places }
  }

  #tuplesOf(name: Shared): InsertColumn[] {
    const { rows } = this.#tuples.get(name)!
    return [
      { name: 'place', type: 'INTEGER', values: countUp(rows.length) },
      ...columnsOf(name).map((column): InsertColumn => {
        const numbers = this.#numbersOf(column)
        return { name: column, type: 'INTEGER', values: rows.map((row) => numbers[row]!) }
      })
    ]
  }

  #numbersOf(name: ColumnName): Int32Array {
    return this.#numbers.get(name) ?? new Int32Array(this.#rows)
  }

  #times(): Float64Array {
    const read = this.#read.get('time') ?? this.#nothing()
    if (!('words' in read)) return Float64Array.from(read.values as BigInt64Array, Number)
    const words = Float64Array.from(read.words as BigInt64Array, Number)
    return Float64Array.from(read.places, (place) => words[place - 1]!)
  }

  #areRequests(): Uint8Array {
    const { words, places } = this.#words.get('kind') ?? this.#none
    return tested(places, [false, ...decodeTexts(words).map((kind) => kind === 'request')])
  }

  /** What a visitor is held for until it is judged: the class of bots, if it says that it is one. */
  #areBots(): Uint8Array {
    const { words, places } = asCoded(this.#read.get('is_bot') ?? this.#nothing())
    return tested(places, [false, ...Array.from(words as Uint8Array, (value) => value === 1)])
  }

  #areViews(): Uint8Array {
    const path = this.#words.get('path') ?? this.#none
    const method = this.#words.get('method') ?? this.#none
    const pages = tested(path.places, [false, ...decodeTexts(path.words).map(isPage)])
    const methods = [null, ...decodeTexts(method.words)]
    const statuses = asCoded(this.#read.get('status') ?? this.#nothing())
    const assets = asCoded(this.#read.get('is_asset') ?? this.#nothing())
    const views = new Uint8Array(this.#rows)
    for (let row = 0; row < views.length; row++) {
      if (!pages[row]) continue
      const status = statuses.words[statuses.places[row]! - 1]
      const isAsset = assets.words[assets.places[row]! - 1] !== 0
      views[row] = Number(!isAsset && isViewed(methods[method.places[row]!]!, Number(status ?? 0)))
    }
    return views
  }

  /** A text column that the part lacks. */
  get #none(): Coded<Texts> {
    return {
      words: { offsets: new Int32Array(1), bytes: new Uint8Array() },
      places: new Uint32Array(this.#rows)
    }
  }

  /** Any other column that the part lacks. */
  #nothing(): { values: Numbers; present: Uint8Array } {
    return { values: new Uint8Array(this.#rows), present: new Uint8Array(this.#rows) }
  }
}

const countUp = (count: number) => Int32Array.from({ length: count }, (_, i) => i + 1)

/** The number of each row's word. */
function numbered(places: Uint32Array, numbers: Int32Array): Int32Array {
  const found = new Int32Array(places.length)
  for (let row = 0; row < found.length; row++) found[row] = places[row] ? numbers[places[row]! - 1]! : 0
  return found
}

function tested(places: Uint32Array, tests: readonly boolean[]): Uint8Array {
  const found = new Uint8Array(places.length)
  for (let row = 0; row < found.length; row++) found[row] = Number(tests[places[row]!])
  return found
}

function asCoded(column: ReadColumn): Coded<Numbers> {
  if ('words' in column) return column as Coded<Numbers>
  const { values, present } = column
  const known = new Map<number | bigint, number>()
  const firsts: number[] = []
  const places = new Uint32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    if (present && !present[row]) continue
    const value = values[row]!
    const place = known.get(value) ?? firsts.push(row)
    known.set(value, place)
    places[row] = place
  }
  const words = values.slice(0, firsts.length)
  firsts.forEach((row, i) => (words[i] = values[row]!))
  return { words, places }
}

function asTexts(column: ReadColumn): Coded<Texts> {
  if ('words' in column && isTexts(column.words)) return column as Coded<Texts>
  const { words, places } = asCoded(column)
  return { words: encodeTexts(Array.from(words as Int32Array, String)), places }
}
