import type { AcceptedHit } from '#lib/schema/hit.ts'
import { readSiteName, siteNameRule } from '#lib/schema/site-name.ts'
import { longestLine, Piece, readBody, stateOf, type Reader } from './body.ts'
import { blankHit, flag, isFields, readText, type Context, type Fields, type Source } from './fields.ts'
import type { Format, OwnFormat } from './formats/format.ts'
import { lineFormats, recordFormats, spellings } from './formats/formats.ts'
import { own } from './formats/names.ts'
import { W3c } from './formats/w3c.ts'
import { stripHeader } from './header.ts'
import { parseRepaired } from './json.ts'
import { TooMany, unlimited, type Limits } from './limits.ts'
import { isMsgpack, readMsgpack } from './msgpack.ts'
import { listRefusal } from './refusals.ts'
import {
  broken,
  head,
  isProgramLog,
  refuseCarrier,
  refuseDeep,
  refuseFields,
  refuseLong,
  refusePart,
  refuseText,
  refuseValue,
  spell,
  withKeysOf,
  wrappings
} from './refuse.ts'
import { Refused, type Reason } from './refused.ts'
import { scrubRaw } from './scrub.ts'
import { isNoRecord, sourceInside, unwrap, unwrapLine } from './unwrap.ts'

export type { Context, Reason }

/** A record that became no hit. */
export interface Refusal {
  /** Place of the record in the batch. */
  index: number
  reason: Reason
  message: string
  /** Its head, for the answer. */
  sample: string
  /** Its text for quarantine, at most 4 KiB; empty when the batch's quarantine is full. A failure of ours keeps it all. */
  raw: string
  /** The text is only the head of the record. */
  is_cut?: true
}

/** What became of a batch; `received` is the number of hits and refusals together. */
export interface Accepted {
  received: number
  /** By site as the records name it in `service`; null where they name none. */
  hits: Map<string | null, AcceptedHit[]>
  /** For each hit of `hits` the place of its record in the batch. */
  indices: Map<string | null, number[]>
  /** The first refused records. */
  refusals: Refusal[]
  /** Refused records beyond `refusals`, by reason. */
  more: Record<string, number>
  /** For each record of the body the place of the first that is in it: wrappers hold many, or none. */
  firsts: number[]
}

const longestSample = 256
const longestRaw = 4096
const quarantined = 262_144

/**
 * Turns the bytes of a batch into hits. What cannot be a hit is refused, each record by itself. Throws only `TooMany`, if
 * the batch is over the limits.
 */
export function accept(
  body: Uint8Array,
  context: Context,
  limits: Limits = unlimited,
  read: Reader = isMsgpack(body) ? readMsgpack : readBody
): Accepted {
  const batch = new Batch(context, limits)
  const outer: Source = { ...context, time: undefined, server: null, service: undefined }
  for (const { records, isDamaged, times } of read(body, limits)) {
    const whole: Origin = { level: 0, piece: null, isDamaged }
    for (const [i, record] of records.entries()) {
      const source = times === undefined ? outer : { ...outer, time: times[i] }
      batch.firsts.push(batch.received)
      if (!(record instanceof Piece)) batch.open(record, source, whole)
      else if (record.refused === null) batch.open(record.value, source, { ...whole, piece: record })
      else
        batch.refuse(
          new Refused(record.refused, `${broken[record.refused]}: ${head(record.text)}`),
          () => record.text
        )
    }
  }
  return batch
}

/** Where a value came from: its text if it has one of its own, and what was done to read it. */
interface Origin {
  level: number
  piece: Piece | null
  isDamaged: boolean
  /** What was sent, if a value is alone in a wrapper that says more of it; null if that is too long for quarantine. */
  sent?: (() => string | null) | undefined
  /** The record around a text, if a program logged it about itself. */
  carrier?: Fields | undefined
  /** Fluent Bit says that the container runtime split the text. */
  isPart?: boolean | undefined
}

function sentAs(record: Fields, { sent, piece }: Origin): () => string | null {
  return () => {
    const text = sent?.() ?? piece?.text ?? spell(record)
    return text.length <= longestRaw ? text : null
  }
}

class Batch implements Accepted {
  received = 0
  hits = new Map<string | null, AcceptedHit[]>()
  indices = new Map<string | null, number[]>()
  refusals: Refusal[] = []
  more: Record<string, number> = {}
  firsts: number[] = []
  #room = quarantined
  #sites = new Map<unknown, string | null>()
  readonly #w3c: W3c
  readonly #isSingle: boolean
  readonly #own: readonly OwnFormat[]
  readonly #limits: Limits

  constructor({ is_single = false, formats = [] }: Context, limits: Limits) {
    this.#isSingle = is_single
    this.#own = formats
    this.#w3c = new W3c(formats.flatMap(({ columns }) => (columns ? [columns] : [])))
    this.#limits = limits
  }

  /** Accepts or refuses a value and, if it wraps others, each of these alone. */
  open(value: unknown, source: Source, origin: Origin): void {
    try {
      if (typeof value === 'string') this.#openText(value, source, origin)
      else if (isFields(value)) this.#openFields(value, source, origin)
      else if (Array.isArray(value) && origin.level < wrappings) this.#openAll(value, source, origin)
      else throw refuseValue(value)
    } catch (error) {
      if (error instanceof TooMany) throw error
      const isExpected = error instanceof Refused
      const refused = isExpected ? error : new Refused('internal', `record failed: ${String(error)}`)
      this.refuse(refused, () => origin.sent?.() ?? origin.piece?.text ?? spell(value))
    }
  }

  #openAll(values: unknown[], source: Source, origin: Origin): void {
    const { level, isDamaged } = origin
    const { sent, carrier, isPart } = values.length === 1 ? origin : {}
    const inside = { level: level + 1, piece: null, isDamaged, sent, carrier, isPart }
    for (const value of values) this.open(value, source, inside)
  }

  /** `shape` is what the column stores, where it is not the name of the format. */
  #openFields(record: Fields, source: Source, origin: Origin, shape?: string): void {
    const renamed = this.#readOwn(({ record: read }) => read?.(record))
    if (renamed !== null) return this.#read(renamed, own, source, origin)
    const format = recordFormats.find((format) => format.matches(record))
    if (format === undefined || format.name === 'generic') {
      const isDeep = origin.level >= wrappings
      const inner = unwrap(record) ?? (isDeep || format ? undefined : unwrapLine(record))
      if (inner !== undefined && isDeep) throw refuseDeep()
      if (inner !== undefined) {
        const carrier = isProgramLog(record) ? record : undefined
        const sent = sentAs(record, origin)
        const isPart = record.logtag === 'P'
        return this.#openAll(inner, sourceInside(record, source), { ...origin, sent, carrier, isPart })
      }
    }
    if (format === undefined) {
      if (isNoRecord(record)) return
      throw refuseFields(record)
    }
    this.#read(record, format, source, origin, shape)
  }

  /** The fields of a line, or of all that was sent where only that fits: its first field may look like a header. */
  #readOwnLine(line: string, sent: string): Fields | null {
    const fields = this.#readOwn((format) => format.line?.(line))
    return fields === null && line !== sent ? this.#readOwn((format) => format.line?.(sent)) : fields
  }

  /** What the first format of the user's own makes of a value; null if there is none for it. */
  #readOwn(read: (format: OwnFormat) => Fields | null | undefined): Fields | null {
    for (const format of this.#own) {
      const fields = read(format)
      if (fields) return fields
    }
    return null
  }

  #read(record: Fields, format: Format<Fields>, source: Source, origin: Origin, shape = format.name): void {
    const hit = blankHit(source, shape)
    try {
      format.read(hit, record, source)
    } catch (error) {
      throw error instanceof Refused ? withKeysOf(record, error) : error
    }
    if (hit.flags !== null && origin.piece === null) refuseLong(hit, record)
    if (origin.piece?.state === 'repaired') flag(hit, 'repaired')
    if (origin.piece?.state === 'twins') flag(hit, 'twin_keys')
    if (origin.isDamaged && Object.values(record).some(isReplaced)) flag(hit, 'utf8')
    this.#keep(hit, record.service ?? source.service)
  }

  #openText(text: string, source: Source, origin: Origin): void {
    if (text.length > longestLine)
      throw new Refused('line_too_long', `${broken.line_too_long}: ${head(text)}`)
    const { server, rest, time, isPart = origin.isPart } = stripHeader(text)
    const isBare = server === null && time === undefined
    const inside = isBare ? source : { ...source, server: server ?? source.server, time: time ?? source.time }
    const first = rest.charCodeAt(0)
    if (first === 0x7b || first === 0x5b) {
      const parsed = parseRepaired(rest)
      const piece = new Piece(text, parsed?.value, parsed && stateOf(rest, parsed))
      if (isFields(parsed?.value)) return this.#openFields(parsed.value, inside, { ...origin, piece })
      if (Array.isArray(parsed?.value)) return this.#openAll(parsed.value, inside, origin)
      if (first === 0x7b && isPart) throw refusePart(text)
      if (first === 0x7b) throw new Refused('json', `text is not JSON: ${head(rest)}`)
    }
    if (first === 0x23 && this.#w3c.takeDirective(rest)) return
    const described = this.#w3c.parseDescribed(rest) ?? this.#readOwnLine(rest, text)
    if (described !== null)
      return this.#read(described, own, inside, { ...origin, piece: new Piece(text, described) })
    const format = lineFormats.find((format) => format.matches(rest))
    if (format === undefined) {
      const spelling = spellings.find((spelling) => spelling.matches(rest))
      const record = spelling?.parse(rest) ?? this.#w3c.parse(rest)
      if (record === null && isPart) throw refusePart(text)
      if (record === null && origin.carrier) throw refuseCarrier(origin.carrier, text)
      if (record === null)
        throw refuseText(text, {
          isElement: origin.level === 0 && origin.piece === null,
          isCut: origin.piece?.state === 'cut'
        })
      const piece = new Piece(text, record)
      return this.#openFields(record, inside, { ...origin, piece }, spelling?.name ?? 'w3c')
    }
    const hit = blankHit(inside, format.name)
    format.read(hit, rest, inside)
    if (origin.isDamaged && rest.includes('\ufffd')) flag(hit, 'utf8')
    this.#keep(hit, inside.service)
  }

  #keep(hit: AcceptedHit, service: unknown): void {
    const site = this.#site(service)
    let hits = this.hits.get(site)
    let indices = this.indices.get(site)
    if (hits === undefined || indices === undefined) {
      if (this.hits.size === this.#limits.services) throw new TooMany('services', this.hits.size)
      this.hits.set(site, (hits = []))
      this.indices.set(site, (indices = []))
    }
    hits.push(hit)
    indices.push(this.#count())
  }

  /** The place of the next record. */
  #count(): number {
    if (this.received === this.#limits.records) throw new TooMany('records', this.received)
    return this.received++
  }

  #site(service: unknown): string | null {
    if (this.#isSingle) return null
    const known = this.#sites.get(service)
    if (known !== undefined) return known
    const text = readText(service)?.trim() ?? ''
    const site = text === '' ? null : readSiteName(text)
    if (site === null && text !== '')
      throw new Refused('service', `service is not a site name (${siteNameRule}): ${head(text)}`)
    this.#sites.set(service, site)
    return site
  }

  /** Counts a record as refused; its text goes to quarantine with secrets out. */
  refuse(refused: Refused, text: () => string): void {
    const index = this.#count()
    listRefusal(this, refused.reason, () => this.#refusal(index, refused, text()))
  }

  #refusal(index: number, { reason, message }: Refused, text: string): Refusal {
    const most = reason === 'internal' ? longestLine : longestRaw
    const scrubbed = scrubRaw(text.slice(0, most))
    const clean = scrubbed.slice(0, most)
    const raw = clean.length <= this.#room ? clean : ''
    this.#room -= raw.length
    const sample = clean.slice(0, longestSample)
    const isCut = Math.max(text.length, scrubbed.length) > most && { is_cut: true as const }
    return { index, reason, message: scrubRaw(message), sample, raw, ...isCut }
  }
}

function isReplaced(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\ufffd')
  return typeof value === 'object' && value !== null && spell(value).includes('\ufffd')
}
