import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Client, push } from './client.ts'
import { pushMonth, trickle } from './demo.ts'
import { needRoom, placesOf } from './disk.ts'
import { fail, root } from './process.ts'
import { startServer, type Server } from './server.ts'
import { untilSilent } from './silence.ts'

const usage = `npm start -- [options]
  --port 8787        the port to serve on
  --host 127.0.0.1   the address to listen on
  --data .loggia     the folder that keeps hits, password and token
  --empty            without the demo`

interface StartOptions {
  port: number
  host: string
  data: string
  empty: boolean
  help: boolean
}

/** Reads the arguments of `npm start`. */
export function parseStart(args: string[]): StartOptions {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string', default: join(root, '.loggia') },
      empty: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false }
    }
  })
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535)
    throw new Error(`--port is ${JSON.stringify(values.port)}: not a port`)
  if (!values.data) throw new Error('--data is empty: not a folder')
  return { ...values, port: Number(values.port), data: resolve(values.data) }
}

/** The token of this data folder, as long as the server still takes it; else a new one. */
async function keepToken(data: string, client: Client): Promise<string> {
  const file = join(data, 'token')
  if (existsSync(file)) {
    const token = readFileSync(file, 'utf8').trim()
    if ((await push(client.url, token, [])).status !== 401) return token
  }
  const token = await client.createToken()
  writeFileSync(file, `${token}\n`, { mode: 0o600 })
  return token
}

const demoHits = 60_000

async function startDemo(client: Client, token: string, signal: AbortSignal) {
  if ((await client.countRows('demo')) === 0) {
    const started = Date.now()
    const show = (rows: number) => {
      const line = `Demo: ${rows.toLocaleString('en')} of ${demoHits.toLocaleString('en')} hits`
      if (process.stdout.isTTY) process.stdout.write(`\r${line} `)
    }
    show(0)
    await pushMonth(client, token, demoHits, show)
    if (process.stdout.isTTY) process.stdout.write('\r')
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    console.log(`Demo: a month of traffic, ${demoHits.toLocaleString('en')} hits, in ${seconds} s`)
  }
  void trickle(client, token, signal)
}

const introduction = ({ url, link, token, data }: Record<'url' | 'link' | 'token' | 'data', string>) => `
  Loggia    ${url}
  Sign in   ${link}
            (once; the password is in ${join(data, 'secrets.env')})
  Token     ${token}
  Data      ${data}

  Push a hit of a site "example":
  curl ${url}/api/ingest -H 'Authorization: Bearer ${token}' -d '{"service":"example","ip":"203.0.113.7","host":"www.example.com","path":"/","status":"200","referrer":"","user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0","length":5316,"generation_time_milli":0.042,"date":"${new Date().toISOString()}"}'

  Ctrl-C stops it.
`

/** Stops the server when the terminal or the system says so, and says so when it stops by itself. */
function stopOnSignal(server: Server, stopDemo: AbortController) {
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    stopDemo.abort()
    await server.stop()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop())
  const mourn = (what: string) => fail(`The server ${what}. LOGGIA_VERBOSE=1 shows what it says.`)
  void server.ended.then(() => isStopping || mourn('has ended by itself'))
  void untilSilent(server.url).then(async () => {
    if (isStopping) return
    isStopping = true
    await server.kill()
    mourn('answers no more and was ended: its workerd was killed, has crashed, or hangs')
  })
}

/**
 * npm passes signals on, but not its own death by SIGKILL: then this process, and its server with it, ends as well. The
 * shell of `npm start` says which process is npm, since npm can die while the packages are installed.
 */
function endWithNpm() {
  const { LOGGIA_NPM: npm } = process.env
  if (!npm) return
  const look = () => process.ppid !== Number(npm) && process.kill(process.pid, 'SIGTERM')
  look()
  setInterval(look, 500).unref()
}

async function start(args: string[]) {
  const { empty, help, ...options } = parseStart(args)
  if (help) return console.log(usage)
  endWithNpm()
  const places = placesOf(options.data)
  needRoom(...places)
  try {
    await serve(options, !empty)
  } catch (error) {
    // The disk may be what failed, whatever the error says of it.
    needRoom(...places)
    throw error
  }
}

async function serve(options: Pick<StartOptions, 'data' | 'host' | 'port'>, hasDemo: boolean) {
  console.log('Starting …')
  const server = await startServer(options)
  const stopDemo = new AbortController()
  stopOnSignal(server, stopDemo)
  // The owner's own secret is not used up.
  const client = await (server.secret === null
    ? Client.signIn(server.url, server.password)
    : Client.signInOnce(server.url, server.secret))
  const token = await keepToken(options.data, client)
  if (hasDemo) await startDemo(client, token, stopDemo.signal)
  console.log(introduction({ url: server.url, link: await client.createLink(), token, data: options.data }))
}

if (import.meta.main) await start(process.argv.slice(2)).catch(fail)
