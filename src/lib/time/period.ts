/** Milliseconds since 1970, UTC; `to` is not included. */
export interface Period {
  from: number
  to: number
}
