const most = 100

/** The stretches of a text that have what is looked for, whatever their case. */
export function marksIn(text: string, find: string): [from: number, to: number][] {
  const marks: [number, number][] = []
  const [all, part] = [text.toLowerCase(), find.toLowerCase()]
  // A text whose length depends on its case has other places.
  if (!part || all.length !== text.length) return marks
  for (let at = all.indexOf(part); at >= 0 && marks.length < most; at = all.indexOf(part, at + part.length))
    marks.push([at, at + part.length])
  return marks
}

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
