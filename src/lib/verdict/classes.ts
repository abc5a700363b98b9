/** A class of traffic. */
export interface TrafficClass {
  readonly name: string
  readonly title: string
  readonly color: string
}

/** From the bottom of a stack to its top. A hit tells the class of its visitor by the place in this list. */
export const classes = [
  { name: 'people', title: 'People', color: 'var(--t-human)' },
  { name: 'bots', title: 'Bots', color: 'var(--t-bot)' },
  { name: 'suspicious', title: 'Suspicious', color: 'var(--t-suspect)' }
] as const satisfies readonly TrafficClass[]

export type ClassName = (typeof classes)[number]['name']

/** The place of a class in the list. */
export const placeOf = (name: ClassName): number => classes.findIndex((one) => one.name === name)
