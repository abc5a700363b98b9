import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { Client, push, type Answer, type Encoding } from '../../cli/client.ts'
import { startServer, type Server } from '../../cli/server.ts'

/** How to reach a server as its owner. */
export interface Access {
  url: string
  password: string
  /** For all sites. */
  token: string
}

/** A server and a session at it. */
export class Stack implements Access {
  readonly url: string
  readonly password: string
  readonly token: string
  readonly client: Client

  protected constructor({ url, password, token }: Access, client: Client) {
    this.url = url
    this.password = password
    this.token = token
    this.client = client
  }

  /** Signs in to a server that runs. */
  static async join(access: Access): Promise<Stack> {
    return new Stack(access, await Client.signIn(access.url, access.password))
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
  waitForRows(site: string, rows: number, timeout = 120_000): Promise<number> {
    return this.client.waitForRows(site, rows, timeout)
  }

  /** Signs a browser in, by the session that this stack already has. */
  async signIn(context: BrowserContext): Promise<void> {
    const [name = '', value = ''] = this.client.cookie.split('=')
    await context.addCookies([{ name, value, url: this.url }])
  }
}

/** A server that its tests may end, with data of its own that goes when it stops. */
export class OwnStack extends Stack {
  readonly data: string
  #server: Server

  private constructor(access: Access, client: Client, data: string, server: Server) {
    super(access, client)
    this.data = data
    this.#server = server
  }

  /** Starts on a free port. */
  static async start(): Promise<OwnStack> {
    const data = mkdtempSync(join(tmpdir(), 'loggia-stack-'))
    const server = await startServer({ data })
    try {
      const { url, password } = server
      const client = await Client.signIn(url, password)
      return new OwnStack({ url, password, token: await client.createToken('*') }, client, data, server)
    } catch (error) {
      await server.kill()
      throw error
    }
  }

  /** Ends the server as a power cut would, and starts it again on the same port and data. */
  async crash(): Promise<void> {
    await this.#server.kill()
    await this.#resume()
  }

  /** Ends the server and leaves the data: the page is on its own. `resume` brings it back. */
  async pause(): Promise<{ resume(): Promise<void> }> {
    await this.#server.stop()
    return { resume: () => this.#resume() }
  }

  async #resume() {
    this.#server = await startServer({ data: this.data, port: Number(new URL(this.url).port) })
  }

  async stop(): Promise<void> {
    await this.#server.stop()
    rmSync(this.data, { recursive: true, force: true })
  }
}
