import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
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

it('the packages install without a word of the Node that some need', async () => {
  const checkout = join(folder, 'checkout')
  for (const name of ['package.json', 'package-lock.json', '.npmrc'])
    cpSync(join(root, name), join(checkout, name))
  // The Node that npm finds on the machine, as a user's shell does: 20 in CI.
  const path = process.env.PATH!.split(delimiter).filter((bin) => !bin.includes('node_modules'))
  const child = spawn('npm', ['ci', '--dry-run', '--offline'], {
    cwd: checkout,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: path.join(delimiter), HOME: folder, npm_config_update_notifier: 'false' }
  })
  const ended = once(child, 'exit') as Promise<[number]>
  const [output, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  expect(output).toMatch(/^added \d+ packages/m)
  expect(error).toBe('')
  expect(code).toBe(0)
}, 60_000)

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
