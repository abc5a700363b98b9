/** A class of traffic. */
export interface TrafficClass {
  readonly name: string
  readonly title: string
  readonly color: string
  /** SQL: whether a hit is of it. A hit is of the first class that it passes the test of. */
  readonly test?: string
}

/** From the bottom of a stack to its top. The first class has no test: its hits are those of no other class. */
export const classes = [
  { name: 'people', title: 'People', color: 'var(--t-human)' },
  { name: 'bots', title: 'Bots', color: 'var(--t-bot)', test: 'is_bot' }
] as const satisfies readonly TrafficClass[]

export type ClassName = (typeof classes)[number]['name']
