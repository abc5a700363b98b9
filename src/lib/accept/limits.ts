/** What a body may hold at most. */
export interface Limits {
  records: number
  /** JSON values, counted in a body of more than 2 MiB. */
  values: number
  /** Different names of members. */
  names: number
  /** Sites that its records name. */
  services: number
}

export const unlimited: Limits = { records: Infinity, values: Infinity, names: Infinity, services: Infinity }

/** A body has more of something than it may. */
export class TooMany extends Error {
  readonly what: keyof Limits
  readonly most: number

  constructor(what: keyof Limits, most: number) {
    super(`body has more than ${most} ${what}: send smaller batches`)
    this.what = what
    this.most = most
  }
}
