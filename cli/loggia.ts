#!/usr/bin/env node
import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { Client } from './client.ts'
import { fsck } from './fsck.ts'
import { geoip } from './geoip.ts'
import { fail } from './process.ts'
import { secret } from './secret.ts'

interface Command {
  name: string
  /** What comes after the name, and what it does. */
  usage: string
  /** Gives what to print. */
  run(args: string[]): string | Promise<string>
}

const commands: readonly Command[] = [
  {
    name: 'token',
    usage: 'URL [SITE]       makes an ingest token for a site, or for all; asks for the password',
    async run([url, site = '*']) {
      if (!url) throw new Error('token needs the address of a Loggia: loggia token https://…')
      return Client.during(url.replace(/\/+$/, ''), await askPassword(), (client) => client.createToken(site))
    }
  },
  {
    name: 'secret',
    usage:
      '[--hours 1]     makes a value for the secret LOGGIA_SETUP, with which the password is chosen once',
    run: secret
  },
  {
    name: 'fsck',
    usage: 'URL [SITE…]      checks that every hit is where it should be; --repair deletes what nobody needs',
    run: (args) => fsck(args, askPassword)
  },
  {
    name: 'geoip',
    usage: 'INPUT… OUT       makes a geo index from .mmdb or .csv; put it into the bucket as geo/country.geo',
    run: geoip
  }
]

/** From LOGGIA_PASSWORD, else from the terminal. */
async function askPassword(): Promise<string> {
  if (process.env.LOGGIA_PASSWORD) return process.env.LOGGIA_PASSWORD
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const closed = once(terminal, 'close').then(() => {
    throw new Error('there is no password: type it, or set LOGGIA_PASSWORD')
  })
  try {
    return await Promise.race([terminal.question('Password: '), closed])
  } finally {
    terminal.close()
  }
}

async function main([name, ...args]: string[]): Promise<void> {
  const command = commands.find((command) => command.name === name)
  if (command) return console.log(await command.run(args))
  const list = commands.map(({ name, usage }) => `  loggia ${name} ${usage}`).join('\n')
  if (name === undefined || name === '--help') return console.log(list)
  throw new Error(`loggia has no command ${name}:\n${list}`)
}

await main(process.argv.slice(2)).catch(fail)
