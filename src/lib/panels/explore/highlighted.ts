/** A text cut at its marks. */
export function cutAt(
  text: string,
  marks: readonly (readonly [from: number, to: number])[]
): { text: string; isMarked: boolean }[] {
  const pieces: { text: string; isMarked: boolean }[] = []
  let at = 0
  for (const [from, to] of marks) {
    if (from > at) pieces.push({ text: text.slice(at, from), isMarked: false })
    pieces.push({ text: text.slice(Math.max(at, from), to), isMarked: true })
    at = Math.max(at, to)
  }
  if (at < text.length || !pieces.length) pieces.push({ text: text.slice(at), isMarked: false })
  return pieces
}
