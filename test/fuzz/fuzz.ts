import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Random } from '../../src/lib/sample/random.ts'
import { amount } from '../amounts.ts'

/** What is fuzzed: inputs are bytes, one character each, so that a corpus file can be read and edited. */
export interface Target {
  name: string
  /** How many inputs, times `amount('fuzz')`. */
  inputs: number
  /** Whole inputs to start from, besides those of `corpus/<name>.txt`. */
  seeds?: readonly string[]
  /** Pieces that matter to what is fuzzed. */
  words: readonly string[]
  /** Throws when the input is handled badly. */
  check: (input: string, random: Random) => void | Promise<void>
}

/** Milliseconds of processor time, which other processes do not spoil. */
const slow = 1_000

/**
 * Checks the corpus, then inputs that are made of it; the same seed makes the same inputs. A failure tells how to run
 * its input alone, and LOGGIA_FUZZ_KEEP=1 adds it to the corpus.
 */
export async function fuzz(target: Target): Promise<number> {
  const { name, inputs } = target
  const corpus = [...(target.seeds ?? []), ...readCorpus(name)]
  const [only, onlySeed, onlyInput] = (process.env.LOGGIA_FUZZ ?? '').split(':')
  const seed = Number(onlySeed ?? process.env.LOGGIA_FUZZ_SEED ?? 1)
  if (only === name) {
    await run(target, make(target, corpus, seed, Number(onlyInput)), seed, Number(onlyInput))
    return 1
  }
  for (const [i, input] of corpus.entries()) await run(target, input, seed, -1 - i)
  const count = inputs * amount('fuzz')
  for (let i = 0; i < count; i++) await run(target, make(target, corpus, seed, i), seed, i)
  return corpus.length + count
}

async function run(target: Target, input: string, seed: number, i: number): Promise<void> {
  const before = process.cpuUsage()
  try {
    await target.check(input, new Random(seed + i))
  } catch (error) {
    if (process.env.LOGGIA_FUZZ_KEEP === '1') keep(target.name, input)
    const where = i < 0 ? `number ${-i} of the corpus` : `LOGGIA_FUZZ=${target.name}:${seed}:${i}`
    const told = JSON.stringify(input.length > 2_000 ? `${input.slice(0, 2_000)}…` : input)
    throw new Error(`${target.name} fails with ${where}: ${String(error)}\n${told}`, { cause: error })
  }
  const { user, system } = process.cpuUsage(before)
  const took = (user + system) / 1_000
  if (took > slow)
    throw new Error(
      `${target.name} takes ${took} ms of the processor with LOGGIA_FUZZ=${target.name}:${seed}:${i}`
    )
}

const fileOf = (name: string) => new URL(`corpus/${name}.txt`, import.meta.url)

/** One input a line, spelled as JSON. */
function readCorpus(name: string): string[] {
  if (!existsSync(fileOf(name))) return []
  const lines = readFileSync(fileOf(name), 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as string)
}

function keep(name: string, input: string): void {
  const all = [...readCorpus(name), input]
  writeFileSync(fileOf(name), all.map((each) => `${JSON.stringify(each)}\n`).join(''))
}

function make({ words }: Target, corpus: readonly string[], seed: number, i: number): string {
  const random = new Random(Math.imul(seed, 0x9e3779b1) ^ i)
  let text = random.chance(0.05) ? '' : random.pick(corpus)
  for (let changes = 1 + random.below(8); changes > 0; changes--) text = change(text, random, corpus, words)
  return text
}

const odd = [
  '\0',
  '\xff',
  '\xc3\x28',
  '\xed\xa0\x80',
  '\ufffd',
  '"',
  '\\',
  '\n',
  '\r\n',
  '\u2028',
  '%',
  '0',
  '-',
  ' '
]

function change(text: string, random: Random, corpus: readonly string[], words: readonly string[]): string {
  const [a, b] = [random.below(text.length + 1), random.below(text.length + 1)].sort((a, b) => a - b) as [
    number,
    number
  ]
  const put = (piece: string, end = a) => text.slice(0, a) + piece + text.slice(end)
  switch (random.below(9)) {
    case 0:
      return put(String.fromCharCode(random.below(256)), a + 1)
    case 1:
      return put(String.fromCharCode(random.below(256)))
    case 2:
      return put('', Math.min(b, a + 1 + random.below(16)))
    case 3:
      return put(random.pick(words))
    case 4:
      return put(random.pick(words), b)
    case 5:
      return put(text.slice(a, Math.min(b, a + 64)).repeat(1 + random.below(4)))
    case 6:
      return put(random.pick(corpus).slice(random.below(64)), random.chance(0.5) ? text.length : a)
    case 7:
      return text.slice(0, b)
    default:
      return put(random.pick(odd).repeat(random.chance(0.05) ? 1 + random.below(3_000) : 1))
  }
}

/** The bytes of an input. */
export function bytesOf(input: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(input, 'latin1'))
}

/** An input as the text that its bytes spell. */
export function textOf(input: string): string {
  return new TextDecoder().decode(bytesOf(input))
}
