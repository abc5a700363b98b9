import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fsck } from '../../cli/fsck.ts'
import { asBallcone, asNginx } from '../../src/lib/sample/lines.ts'
import { traffic } from '../../src/lib/sample/traffic.ts'
import { truth } from '../sample/truth.ts'
import { OwnStack } from './stack.ts'

const to = Date.now()
const requests = [...traffic({ seed: 3, from: to - 2 * 86_400_000, to, hits: 2_000 })]

describe('the stack', () => {
  let stack: OwnStack

  beforeAll(async () => {
    stack = await OwnStack.start()
  })
  afterAll(() => stack.stop())

  it('takes lines in every encoding, and each batch once', async () => {
    const encodings = [undefined, 'gzip', 'deflate', 'br', 'zstd'] as const
    for (const [index, encoding] of encodings.entries()) {
      const lines = requests
        .slice(index * 400, (index + 1) * 400)
        .map((request) => asNginx(request, 'encoded'))
      for (const accepted of ['ok', 'duplicate']) {
        const { body } = await stack.push(lines, { encoding })
        expect(body).toMatchObject({ status: accepted, received: 400, rejected: 0 })
      }
    }
    await stack.waitForRows('encoded', 2_000)
    const rows: Record<string, number> = {}
    for (const part of (await stack.client.manifest('encoded')).parts)
      rows[part.day] = (rows[part.day] ?? 0) + part.rows
    expect(rows).toEqual(truth(requests).days)
  })

  it('leaves no session of a command behind', async () => {
    const sessions = async () => {
      const response = await fetch(`${stack.url}/api/sessions`, { headers: stack.client.headers })
      return ((await response.json()) as { sessions: unknown[] }).sessions.length
    }
    const before = await sessions()
    await fsck([stack.url], () => Promise.resolve(stack.password))
    await expect(fsck([stack.url, 'stranger'], () => Promise.resolve(stack.password))).rejects.toThrow(
      'site stranger is not known'
    )
    expect(await sessions()).toBe(before)
  })

  it('loses nothing that it has answered when it is killed', async () => {
    for (let start = 0; start < 2_000; start += 200)
      await stack.push(requests.slice(start, start + 200).map((request) => asBallcone(request, 'killed')))
    await stack.crash()
    expect(await stack.waitForRows('killed', 2_000)).toBe(2_000)
  })
})
