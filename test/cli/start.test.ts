import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseStart } from '../../cli/start.ts'
import { claimPort } from '../../cli/port.ts'
import { startServer } from '../../cli/server.ts'

describe('parseStart', () => {
  it('has defaults', () => {
    const data = resolve('.loggia')
    expect(parseStart([])).toEqual({ port: 8787, host: '127.0.0.1', data, empty: false, help: false })
  })

  it('reads each option', () => {
    const args = ['--empty', '--port', '9000', '--data', '/srv/loggia', '--host=0.0.0.0', '-h']
    expect(parseStart(args)).toEqual({
      port: 9000,
      host: '0.0.0.0',
      data: '/srv/loggia',
      empty: true,
      help: true
    })
  })

  it.each([
    [['--port', 'x'], '--port is "x": not a port'],
    [['--port', '70000'], '--port is "70000": not a port'],
    [['--data', ''], '--data is empty: not a folder'],
    [['--nope'], "Unknown option '--nope'"]
  ])('refuses %j', (args, message) => {
    expect(() => parseStart(args)).toThrow(message)
  })
})

describe('startServer', () => {
  it('says so when the port is in use', async () => {
    const other = createServer()
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
    const { port } = other.address() as AddressInfo
    const data = mkdtempSync(join(tmpdir(), 'loggia-start-'))
    await expect(startServer({ port, data })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use`)
    await expect(claimPort()).resolves.toBeGreaterThan(1023)
    other.close()
    rmSync(data, { recursive: true })
  })
})
