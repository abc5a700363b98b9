// Anyone can write into a log. Characters that would move, hide or reorder text are shown as what they are.
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function picture(character: string) {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '␡'
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

export const visible = (text: string) => text.replace(hidden, picture)
