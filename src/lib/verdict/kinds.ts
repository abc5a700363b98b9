import { classes, type ClassName } from './classes.ts'

/** What a verdict says more closely. */
export interface Kind {
  readonly name: string
  readonly title: string
  readonly class: ClassName
}

export const kinds = [
  { name: 'person', title: 'Person', class: 'people' },
  { name: 'signed', title: 'Signed', class: 'bots' },
  { name: 'verified', title: 'Verified', class: 'bots' },
  { name: 'declared', title: 'Declared', class: 'bots' },
  { name: 'library', title: 'Library', class: 'bots' },
  { name: 'monitor', title: 'Monitor', class: 'bots' },
  { name: 'detected', title: 'Detected', class: 'bots' },
  { name: 'impostor', title: 'Impostor', class: 'suspicious' },
  { name: 'scanner', title: 'Scanner', class: 'suspicious' },
  { name: 'spam', title: 'Spam', class: 'suspicious' }
] as const satisfies readonly Kind[]

export type KindName = (typeof kinds)[number]['name']

/** The class of a kind. */
export const classOf = (name: KindName): ClassName => kinds.find((kind) => kind.name === name)!.class

/** The color of its class. */
export const colorOf = (name: KindName): string => classes.find((one) => one.name === classOf(name))!.color
