import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyPage } from '../../cli/page-copy.ts'

let folder: string
let page: string
let copies: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loggia-copy-'))
  page = join(folder, 'build')
  copies = join(folder, 'served')
  build('old')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Replaces the page as Kit does. */
function build(text: string) {
  rmSync(page, { recursive: true, force: true })
  mkdirSync(join(page, 'chunks'), { recursive: true })
  writeFileSync(join(page, 'spa.html'), text)
  writeFileSync(join(page, 'chunks', `${text}.js`), text)
}

const textOf = (copy: string) => readFileSync(join(copy, 'spa.html'), 'utf8')

describe('a copy of the page', () => {
  it('is whole, and stays as it was when the page is built again', () => {
    const copy = copyPage(page, copies)
    build('new')
    expect(textOf(copy.folder)).toBe('old')
    expect(readFileSync(join(copy.folder, 'chunks/old.js'), 'utf8')).toBe('old')
    copy.release()
  })

  it('stays until it is released, and the next copy removes it then', () => {
    const first = copyPage(page, copies)
    build('new')
    const second = copyPage(page, copies)
    expect(textOf(first.folder)).toBe('old')
    expect(textOf(second.folder)).toBe('new')
    first.release()
    const third = copyPage(page, copies)
    expect(existsSync(first.folder)).toBe(false)
    expect(textOf(second.folder)).toBe('new')
    expect(readdirSync(copies)).toHaveLength(2)
    second.release()
    third.release()
  })

  it('that broke off is removed', () => {
    mkdirSync(join(copies, 'page-broken'), { recursive: true })
    copyPage(page, copies).release()
    expect(readdirSync(copies)).toHaveLength(1)
  })
})
