/** Files that hold no log, by their first bytes. */
export const noLogs: readonly { magic: number[]; message: string }[] = [
  { magic: [0x25, 0x50, 0x44, 0x46], message: 'This is a PDF, not a log.' },
  { magic: [0x89, 0x50, 0x4e, 0x47], message: 'This is an image, not a log.' },
  { magic: [0xff, 0xd8, 0xff], message: 'This is an image, not a log.' },
  { magic: [0x7f, 0x45, 0x4c, 0x46], message: 'This is a program, not a log.' },
  // Of Windows and macOS.
  { magic: [0x4d, 0x5a, 0x90, 0x00], message: 'This is a program, not a log.' },
  { magic: [0xcf, 0xfa, 0xed, 0xfe], message: 'This is a program, not a log.' }
]
