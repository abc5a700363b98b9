import { printable } from './output.ts'

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

/** Columns of a terminal that a character takes. */
const widthOf = (character: string) =>
  /^(?:\p{M}|\u200b|\u200d|\ufe0f)/u.test(character) ? 0 : wide.test(character) ? 2 : 1

/** A text in so many columns of a terminal: cut or filled with spaces. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const characters = [...printable(text)]
  const whole = characters.reduce((sum, character) => sum + widthOf(character), 0)
  if (whole <= columns) {
    const space = ' '.repeat(columns - whole)
    return align === 'left' ? characters.join('') + space : space + characters.join('')
  }
  let [kept, width] = ['', 0]
  for (const character of characters) {
    if (width + widthOf(character) > columns - 1) break
    kept += character
    width += widthOf(character)
  }
  return columns < 1 ? '' : `${kept}…${' '.repeat(columns - 1 - width)}`
}
