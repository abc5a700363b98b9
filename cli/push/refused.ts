import { accept } from '../../src/lib/accept/accept.ts'
import { countRefusals } from '../../src/lib/accept/refusals.ts'
import { bodyOf, linesOf } from '../../src/lib/push/body.ts'
import { headerAfter, type Header } from '../../src/lib/push/cut.ts'

/** Gives how many records of a body are refused. */
export type Ask = (body: Uint8Array) => number | Promise<number>

/** A line, and the header that it is read by. */
interface Placed {
  line: Uint8Array
  header: Header
}

const newline = Buffer.from('\n')

/**
 * Finds the lines of a batch that were refused; null if they cannot be told apart, as in JSON of several lines. Lines
 * that a format of the site's own reads are not known here, so it asks the Worker where the number differs.
 */
export async function findRefused(
  text: Uint8Array,
  header: Header,
  { rejected, ask, service }: { rejected: number; ask: Ask; service?: string | undefined }
): Promise<Uint8Array[] | null> {
  const all = place(text, header)
  if (all.some(({ line }) => isBracket(line))) return null
  const local = await narrow(all, countRefused)
  const remote = (some: readonly Placed[]) => ask(bodyOfAll(some, service))
  const found =
    local.length === rejected
      ? local
      : await narrow(local.length > rejected ? local : all, remote, await remote(all))
  return found.length === rejected ? found.map(({ line }) => line) : null
}

/** A line of JSON that has an object on several lines. */
const isBracket = (line: Uint8Array) =>
  line.length < 64 && /^\s*[[\]{}],?\s*$/.test(Buffer.from(line).toString())

function place(text: Uint8Array, first: Header): Placed[] {
  const placed: Placed[] = []
  let header = first
  for (const line of linesOf(text)) {
    if (line[0] === 0x23) header = headerAfter(header, line)
    placed.push({ line, header })
  }
  return placed
}

function bodyOfAll(placed: readonly Placed[], service?: string): Uint8Array {
  const lines = Buffer.concat(placed.flatMap(({ line }) => [line, newline]))
  return bodyOf(lines, placed[0]?.header, service)
}

const context = { received: 0, token: null, is_single: true }

const countRefused = (placed: readonly Placed[]) => countRefusals(accept(bodyOfAll(placed), context))

/** Halves lines down to those that are refused. */
async function narrow(
  placed: readonly Placed[],
  ask: (some: readonly Placed[]) => number | Promise<number>,
  refused?: number
): Promise<Placed[]> {
  const count = refused ?? (await ask(placed))
  if (count === 0 || placed.length === 0) return []
  if (placed.length <= 1 || count === placed.length) return [...placed]
  const middle = placed.length >> 1
  const [first, second] = [placed.slice(0, middle), placed.slice(middle)]
  const left = await narrow(first, ask)
  return [...left, ...(await narrow(second, ask, left.length === count ? 0 : undefined))]
}
