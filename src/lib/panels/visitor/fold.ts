import type { Request } from './questions.ts'

/** Requests in a row that are shown, or put behind a button. */
export interface Piece {
  readonly requests: readonly Request[]
  /** What the button calls them; null if they are shown. */
  readonly folded: string | null
}

/** A run is folded if it is longer than this, but for its ends. */
const head = 2
const tail = 1
const least = 3

/** What a request is like the others of its run in; null if it is never folded. */
function likenessOf({ status, is_asset, is_page_view, is_answered_attack }: Request): string | null {
  if (is_answered_attack || status === null) return null
  if (status >= 400) return String(status)
  return is_asset && !is_page_view ? 'asset' : null
}

function titleOf(requests: readonly Request[]): string {
  const { status } = requests[0]!
  if (status === null || status < 400) return 'more assets'
  return `${requests.every(({ family }) => family !== null) ? 'more probes' : 'more'}, all ${status}`
}

/** Requests of a visit with long runs of refusals and assets folded. An attack that got an answer is always shown. */
export function fold(requests: readonly Request[]): Piece[] {
  const pieces: Piece[] = []
  for (let from = 0; from < requests.length;) {
    const likeness = likenessOf(requests[from]!)
    let to = from + 1
    while (likeness !== null && to < requests.length && likenessOf(requests[to]!) === likeness) to++
    const run = requests.slice(from, to)
    const isLong = run.length >= head + least + tail
    if (isLong) {
      pieces.push(
        { requests: run.slice(0, head), folded: null },
        { requests: run.slice(head, -tail), folded: titleOf(run.slice(head, -tail)) },
        { requests: run.slice(-tail), folded: null }
      )
    } else pieces.push({ requests: run, folded: null })
    from = to
  }
  return pieces
}
