import type { ColumnName } from '#lib/schema/hit.ts'

declare global {
  namespace App {
    interface PageState {
      /** The column whose values are all shown over the page. */
      top?: ColumnName
    }
  }
}

export {}
