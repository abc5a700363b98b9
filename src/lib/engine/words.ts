import { countOf, isTexts, type Numbers, type Texts } from './columns.ts'
import { joinTexts, pickTexts } from './texts.ts'

type Words = Texts | Numbers

/** Makes each byte a character, so that no two texts become the same. UTF-8 would lose a byte order mark. */
const decoder = new TextDecoder('latin1')

/** Returns each word once, and the place of every given word among them, counted from 1. */
export function withoutRepeats(words: Words): { words: Words; places: Uint32Array } {
  const count = countOf(words)
  const keyOf = keysOf(words)
  const known = new Map<string | number | bigint, number>()
  const firsts: number[] = []
  const places = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const key = keyOf(i)
    let place = known.get(key)
    if (place === undefined) known.set(key, (place = firsts.push(i)))
    places[i] = place
  }
  return { words: firsts.length === count ? words : pick(words, firsts), places }
}

function keysOf(words: Words): (i: number) => string | number | bigint {
  if (!isTexts(words)) return (i) => words[i]!
  const { offsets, bytes } = words
  const text = decoder.decode(bytes)
  return (i) => text.slice(offsets[i], offsets[i + 1])
}

function pick(words: Words, firsts: readonly number[]): Words {
  if (isTexts(words)) return pickTexts(words, firsts)
  const picked = emptyLike(words, firsts.length)
  firsts.forEach((first, i) => (picked[i] = words[first]!))
  return picked
}

/** Returns the words of several lists of one type, end to end. */
export function joinWords(lists: readonly Words[]): Words {
  const some = lists.filter((list) => countOf(list))
  if (some.length < 2) return some[0] ?? lists[0]!
  return isTexts(some[0]!) ? joinTexts(some as Texts[]) : joinNumbers(some as Numbers[])
}

function joinNumbers(lists: readonly Numbers[]): Numbers {
  const joined = emptyLike(
    lists[0]!,
    lists.reduce((sum, { length }) => sum + length, 0)
  )
  let at = 0
  for (const list of lists) {
    joined.set(list as never, at)
    at += list.length
  }
  return joined
}

/** Returns zeros of the same type. */
export const emptyLike = (numbers: Numbers, length: number): Numbers =>
  new (numbers.constructor as new (length: number) => Numbers)(length)
