import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, EditorView, WidgetType, type DecorationSet } from '@codemirror/view'
import { visible } from '#lib/format/visible.ts'
import type { Mistake } from './mistake.ts'

/** Marks a mistake in the text, or takes the mark away. */
export const markMistake = StateEffect.define<Mistake | null>()

/** What is wrong, below its line, with what could have been meant. */
class Explanation extends WidgetType {
  readonly #mistake: Mistake

  constructor(mistake: Mistake) {
    super()
    this.#mistake = mistake
  }

  override eq(other: Explanation) {
    return other.#mistake === this.#mistake
  }

  override toDOM(view: EditorView) {
    const { message, candidates, place } = this.#mistake
    const box = document.createElement('div')
    box.className = 'cm-explanation'
    const text = box.appendChild(document.createElement('b'))
    text.textContent = visible(message)
    if (candidates.length && place)
      box.append(
        ' Did you mean ',
        ...candidates.flatMap((name, i) => [...(i ? [' '] : []), button(view, place, name)]),
        '?'
      )
    return box
  }

  override ignoreEvent() {
    return true
  }
}

function button(view: EditorView, place: { from: number; to: number }, name: string) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = name
  button.onclick = () => {
    view.dispatch({ changes: { ...place, insert: name }, selection: { anchor: place.from + name.length } })
    view.focus()
  }
  return button
}

function marksOf(mistake: Mistake, length: number, lineEnd: (at: number) => number): DecorationSet {
  const { place } = mistake
  const to = Math.min(place?.to ?? length, length)
  const from = Math.min(place?.from ?? length, to)
  return Decoration.set(
    [
      ...(from < to ? [Decoration.mark({ class: 'cm-mistake' }).range(from, to)] : []),
      Decoration.widget({ widget: new Explanation(mistake), block: true, side: 1 }).range(lineEnd(from))
    ],
    true
  )
}

/** Shows a mistake at its place until the text changes. */
export const mistakeMarks: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, transaction) => {
    if (transaction.docChanged) marks = Decoration.none
    for (const effect of transaction.effects) {
      if (!effect.is(markMistake)) continue
      const { doc } = transaction.state
      marks = effect.value ? marksOf(effect.value, doc.length, (at) => doc.lineAt(at).to) : Decoration.none
    }
    return marks
  },
  provide: (field) => EditorView.decorations.from(field)
})
