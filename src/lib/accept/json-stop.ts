import type { Stop } from './stop.ts'

const string = String.raw`"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"`
const token = new RegExp(
  String.raw`([{}[\],:])|(${string})|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)`,
  'y'
)
const space = /[ \t\r\n]*/y

const wanted = {
  value: 'a value: "text", a number, true, false, null, { or [',
  key: 'a name in double quotes',
  colon: ':',
  end: 'a comma or the end of the list or object'
} as const

/** Where a text stops being a JSON value, and what should stand there; null if it is one. Engines do not always tell. */
export function stopOfJson(text: string): Stop | null {
  const open: ('{' | '[')[] = []
  let want: keyof typeof wanted = 'value'
  let isEmpty = false
  for (let at = 0; ;) {
    space.lastIndex = at
    at += space.exec(text)![0].length
    token.lastIndex = at
    const match = token.exec(text)
    const [whole = '', mark, quoted] = match ?? []
    const isClosing = mark === '}' || mark === ']'
    if (isClosing && (want === 'end' || isEmpty) && open.at(-1) === (mark === '}' ? '{' : '[')) {
      open.pop()
      want = 'end'
    } else if (want === 'value' && (mark === '{' || mark === '[')) {
      open.push(mark)
      want = mark === '{' ? 'key' : 'value'
    } else if (want === 'value' && match !== null && mark === undefined) want = 'end'
    else if (want === 'key' && quoted !== undefined) want = 'colon'
    else if (want === 'colon' && mark === ':') want = 'value'
    else if (want === 'end' && mark === ',' && open.length > 0) want = open.at(-1) === '{' ? 'key' : 'value'
    else return { at, expected: wanted[want] }
    isEmpty = mark === '{' || mark === '['
    at += whole.length
    if (want === 'end' && open.length === 0)
      return text.slice(at).trim() === '' ? null : { at, expected: 'the end' }
  }
}
