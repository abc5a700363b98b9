import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { unpack } from '../../../cli/push/unpack.ts'

const text = Array.from({ length: 5_000 }, (_, i) => `line ${i} of a log\n`).join('')
const half = text.length / 2

async function* pieces(bytes: Uint8Array, size = 10_000) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Uint8Array, size?: number): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of unpack(pieces(bytes, size))) parts.push(part)
  return Buffer.concat(parts).toString()
}

const through = (program: string) => (input: string) => execFileSync(program, ['-c'], { input })

const packers: Record<string, (text: string) => Uint8Array> = {
  gzip: (text) => gzipSync(text),
  zstd: (text) => zstdCompressSync(text),
  bzip2: through('bzip2'),
  xz: through('xz')
}

describe.each(Object.entries(packers))('a file compressed by %s', (_, pack) => {
  it('is read whatever its name, also from small pieces', async () => {
    expect((await read(pack(text))) === text).toBe(true)
    expect((await read(pack(text), 101)) === text).toBe(true)
  })

  it('may be several, one behind the other', async () => {
    const packed = Buffer.concat([pack(text.slice(0, half)), pack(text.slice(half))])
    for (const size of [10_000, 101, packed.length]) expect((await read(packed, size)) === text).toBe(true)
  })

  it('that is cut fails after what is there', async () => {
    const packed = pack(text)
    await expect(read(packed.subarray(0, packed.length - 20))).rejects.toThrow(/./)
  })
})

describe('a plain file', () => {
  it('is passed on as it is', async () => {
    expect(await read(Buffer.from(text))).toBe(text)
    expect(await read(new Uint8Array())).toBe('')
  })

  it('in UTF-16 becomes UTF-8', async () => {
    const utf16 = Buffer.from(`\uFEFF${text}é`, 'utf16le')
    expect(await read(utf16, 9_999)).toBe(`${text}é`)
    expect(await read(utf16.swap16(), 9_999)).toBe(`${text}é`)
  })
})

it('an archive is refused with what to do, also inside of gzip', async () => {
  const tar = Buffer.alloc(1024)
  tar.write('access.log')
  tar.write('ustar', 257)
  await expect(read(gzipSync(tar))).rejects.toThrow(/tar archive.*tar -xOf FILE \| loggia push -/)
  await expect(read(Buffer.from('PK\u0003\u0004…'))).rejects.toThrow(/zip file/)
})

it('a program is named as such', async () => {
  const program = readFileSync(process.execPath, { encoding: null }).subarray(0, 4_096)
  await expect(read(program)).rejects.toThrow('This is a program, not a log.')
  await expect(read(gzipSync(program))).rejects.toThrow('This is a program, not a log.')
})
