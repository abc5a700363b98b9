import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyPage } from '../../cli/page-copy.ts'
import { root } from '../../cli/process.ts'

const folder = mkdtempSync(join(tmpdir(), 'loggia-install-'))
const project = { name: 'project', version: '1.0.0' }
const own = { name: 'own', version: '1.0.0' }

beforeAll(() => {
  const files = {
    'package.json': { ...project, type: 'module', dependencies: { own: 'file:own' } },
    'own/package.json': own,
    'package-lock.json': {
      ...project,
      lockfileVersion: 3,
      packages: {
        '': { ...project, dependencies: { own: 'file:own' } },
        own: { version: own.version },
        'node_modules/own': { resolved: 'own', link: true }
      }
    }
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(file)), { recursive: true })
    writeFileSync(join(folder, file), JSON.stringify(content))
  }
  for (const name of ['install.js', 'turn.ts', 'lock.ts', 'page-copy.ts', 'process.ts'])
    cpSync(join(root, 'cli', name), join(folder, 'cli', name))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function install() {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  const child = spawn(process.execPath, ['cli/install.js'], { cwd: folder, stdio })
  const ended = once(child, 'exit') as Promise<[number]>
  const [output, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { output: output + error, code }
}

it('a start installs nothing while a server runs from the checkout', async () => {
  mkdirSync(join(folder, 'build'))
  const copy = copyPage(join(folder, 'build'), join(folder, '.svelte-kit/served'))
  const { output, code } = await install()
  copy.release()
  expect(output).toContain('installing them would end a server that runs from this checkout. Stop it first.')
  expect(code).toBe(1)
  expect(existsSync(join(folder, 'node_modules'))).toBe(false)
}, 60_000)

it('starts in the same instant install the packages once, and a later one not at all', async () => {
  const both = await Promise.all([install(), install()])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(both.filter(({ output }) => output.includes('added 1 package'))).toHaveLength(1)
  expect(existsSync(join(folder, 'node_modules/own/package.json'))).toBe(true)
  expect(await install()).toEqual({ output: '', code: 0 })
}, 120_000)
