/** What a key does in the list of lines. */
export interface LineKey {
  /** As the keyboard names them; the first is shown. */
  readonly keys: readonly string[]
  /** What is shown instead of the first of them. */
  readonly shown?: string
  readonly title: string
  readonly action: LineAction
}

export type LineAction =
  | 'down'
  | 'up'
  | 'first'
  | 'last'
  | 'number'
  | 'percent'
  | 'pageDown'
  | 'pageUp'
  | 'unfold'
  | 'close'
  | 'find'
  | 'next'
  | 'previous'
  | 'nextError'
  | 'previousError'
  | 'mark'
  | 'marks'
  | 'listMarks'
  | 'around'
  | 'visitor'
  | 'copy'
  | 'follow'

/** The keys of the list: those of `less`, where it has one. */
export const lineKeys: readonly LineKey[] = [
  { keys: ['j', 'ArrowDown'], title: 'Next line', action: 'down' },
  { keys: ['k', 'ArrowUp'], title: 'Previous line', action: 'up' },
  { keys: ['g', 'Home'], title: 'First line', action: 'first' },
  { keys: ['G', 'End'], title: 'Last line', action: 'last' },
  { keys: [...'1234567890.'], shown: '120 g', title: 'Line 120', action: 'number' },
  { keys: ['%'], shown: '50 %', title: 'The line at 50% of the list', action: 'percent' },
  { keys: [' ', 'PageDown'], title: 'Next page', action: 'pageDown' },
  { keys: ['b', 'PageUp'], title: 'Previous page', action: 'pageUp' },
  { keys: ['Enter'], title: 'Unfold or fold the line', action: 'unfold' },
  { keys: ['Escape'], title: 'Fold the line', action: 'close' },
  { keys: ['/'], title: 'Highlight a text', action: 'find' },
  { keys: ['n'], title: 'Next match', action: 'next' },
  { keys: ['N'], title: 'Previous match', action: 'previous' },
  { keys: ['e'], title: 'Next error', action: 'nextError' },
  { keys: ['E'], title: 'Previous error', action: 'previousError' },
  { keys: ['m'], title: 'Mark or unmark the line', action: 'mark' },
  { keys: ["'"], title: 'Next mark', action: 'marks' },
  { keys: ['M'], title: 'List the marks', action: 'listMarks' },
  { keys: ['c'], title: 'Lines around, without the filter', action: 'around' },
  { keys: ['u'], title: 'Open the visitor', action: 'visitor' },
  { keys: ['y'], title: 'Copy the line', action: 'copy' },
  { keys: ['t'], title: 'Follow new lines', action: 'follow' }
]

/** What a key does; with Caps Lock a letter is the one that is meant. */
export function actionOf({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): LineAction | null {
  const meant = /^[a-z]$/i.test(key) ? (shiftKey ? key.toUpperCase() : key.toLowerCase()) : key
  return lineKeys.find(({ keys }) => keys.includes(meant))?.action ?? null
}

/** A number with one more sign, as it is typed before `g`, `G` or `%`; at most nine signs. */
export function typeSign(number: string, sign: string): string {
  const longer = number + sign
  return /^\d+\.?\d*$/.test(longer) && longer.length < 10 ? longer : number
}

/** The place, from 0, that an action leads to after a number among `lines` lines; null if it takes no number. */
export function placeAfter(number: string, action: LineAction, lines: number): number | null {
  const place = {
    first: Math.floor(Number(number)),
    last: Math.floor(Number(number)),
    percent: Math.ceil((Number(number) / 100) * lines)
  }[action as string]
  return !number || place === undefined ? null : Math.max(0, Math.min(lines, place) - 1)
}
