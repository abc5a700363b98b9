import type { Dimension } from '#lib/filter/dimension.ts'

declare global {
  namespace App {
    interface PageState {
      /** The column whose values are all shown over the page. */
      top?: Dimension
    }
  }
}

export {}
