import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { Client, push, type Answer, type Encoding } from '../../cli/client.ts'
import { startServer, type Server } from '../../cli/server.ts'

/** The whole of Loggia on this machine, with data of its own that goes when it stops. */
export class Stack {
  readonly data: string
  /** For all sites. */
  readonly token: string
  readonly client: Client
  #server: Server

  private constructor(data: string, server: Server, client: Client, token: string) {
    this.data = data
    this.#server = server
    this.client = client
    this.token = token
  }

  /** Builds the page where it is stale, and starts on a free port. */
  static async start(): Promise<Stack> {
    const data = mkdtempSync(join(tmpdir(), 'loggia-stack-'))
    const server = await startServer({ data })
    try {
      const client = await Client.signIn(server.url, server.password)
      return new Stack(data, server, client, await client.createToken('*'))
    } catch (error) {
      await server.kill()
      throw error
    }
  }

  get url(): string {
    return this.#server.url
  }

  get password(): string {
    return this.#server.password
  }

  /** Sends lines as one batch; throws when it is not answered 200. */
  async push(
    lines: readonly string[],
    {
      token = this.token,
      ...options
    }: { token?: string; encoding?: Encoding; type?: string; site?: string } = {}
  ): Promise<Answer> {
    const answer = await push(this.url, token, lines, options)
    if (answer.status !== 200)
      throw new Error(`push is answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer
  }

  /** Waits until so many hits of a site are in parts. */
  waitForRows(site: string, rows: number, timeout?: number): Promise<number> {
    return this.client.waitForRows(site, rows, timeout)
  }

  /** Signs a browser in, by the session that this stack already has. */
  async signIn(context: BrowserContext): Promise<void> {
    const [name = '', value = ''] = this.client.cookie.split('=')
    await context.addCookies([{ name, value, url: this.url }])
  }

  /** Ends the server as a power cut would, and starts it again on the same port and data. */
  async crash(): Promise<void> {
    const port = Number(new URL(this.url).port)
    await this.#server.kill()
    this.#server = await startServer({ data: this.data, port })
  }

  /** Ends the server and leaves the data: the page is on its own. `resume` brings it back. */
  async pause(): Promise<{ resume(): Promise<void> }> {
    const port = Number(new URL(this.url).port)
    await this.#server.stop()
    return {
      resume: async () => {
        this.#server = await startServer({ data: this.data, port })
      }
    }
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    rmSync(this.data, { recursive: true, force: true })
  }
}
