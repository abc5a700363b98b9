import type { AcceptedHit } from '#lib/schema/hit.ts'
import { accept, type Context } from './accept.ts'
import { isFields } from './fields.ts'
import type { OwnFormat } from './formats/format.ts'
import { stripHeader } from './header.ts'
import { parseJson } from './json.ts'
import { guessFormat } from './own/guess.ts'
import { isKnown } from './own/looks.ts'
import { FormatError, ownFormat } from './own/own.ts'
import { stopOf, type Stop } from './stop.ts'

/** What a record of a text becomes: a hit, or why it is none, with its text and where that stops being a request. */
export interface Recognized {
  index: number
  hit?: AcceptedHit
  message?: string
  text?: string
  stop?: Stop | null
}

/** What the records of a text become, in their order. */
export function recognize(text: string, context: Context): Recognized[] {
  const accepted = accept(new TextEncoder().encode(`${text}\n`), context)
  const hits = [...accepted.hits].flatMap(([service, hits]) =>
    hits.map((hit, i) => ({ index: accepted.indices.get(service)![i]!, hit }))
  )
  const refused = accepted.refusals.map(({ index, message, raw }) => {
    const { rest } = stripHeader(raw)
    return { index, message, text: rest, stop: furthest(rest, context.formats) }
  })
  return [...hits, ...refused].sort((a, b) => a.index - b.index)
}

/** Where a text stops by the format that reads most of it: one of the user's own, or the common log format. */
function furthest(text: string, formats: readonly OwnFormat[] = []): Stop | null {
  const stops = [stopOf(text), ...formats.map(({ stop }) => stop?.(text) ?? null)]
  return stops.reduce((far, stop) => (stop && stop.at >= (far?.at ?? 0) ? stop : far), null)
}

/**
 * A format that reads a refused record, and what it makes of it; null if none was found, or if `others`, the refused
 * records beside it, lose their status by it.
 */
export function propose(
  text: string,
  context: Context,
  others: readonly string[] = []
): { format: string; hit: AcceptedHit } | null {
  const stripped = stripHeader(text).rest
  // "GET | /a" is no line of a container GET.
  const end = text.indexOf(' | ')
  const rest = text !== stripped && end > 0 && isKnown(text.slice(0, end)) ? text : stripped
  const value = parseJson(rest)
  const format = guessFormat(isFields(value) ? value : rest)
  if (format === null) return null
  try {
    const read = (text: string) => {
      const [line] = recognize(text, { ...context, formats: [ownFormat(format)] })
      return line?.hit?.shape === 'own' ? line.hit : null
    }
    const hit = read(text)
    if (hit === null || !keepsTime(rest, hit)) return null
    const isLost = others.some((other) => hit.status !== null && read(other)?.status === null)
    return isLost ? null : { format, hit }
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}

/** False if a text has a time or a zone that the hit lacks. */
function keepsTime(text: string, { flags }: AcceptedHit): boolean {
  const [clock, zone] = /\d:\d\d:\d\d(?:[.,]\d+)?( ?[+-]\d\d:?\d\d\b|Z\b| UTC\b)?/.exec(text) ?? []
  const words = flags?.split(',') ?? []
  return !(clock && words.includes('no_time')) && !(zone && words.includes('no_zone'))
}
