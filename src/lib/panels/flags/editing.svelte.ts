import type { Annotation } from '#lib/schema/annotations.ts'
import type { Period } from '#lib/time/period.ts'

/** The annotation that the dialog is open for. */
class Editing {
  annotation = $state.raw<Annotation | null>(null)

  /** Begins one for a stretch of a chart, or for the moment at which it begins. */
  begin({ from, to }: Period, isSpan: boolean): void {
    this.annotation = { id: crypto.randomUUID(), at: from, until: isSpan ? to : null, text: '', token: null }
  }
}

export const editing = new Editing()
