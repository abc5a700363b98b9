#!/usr/bin/env node
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { bots } from './bots.ts'
import { Client } from './client.ts'
import { fsck } from './fsck.ts'
import { geoip } from './geoip.ts'
import { fail, root } from './process.ts'
import { generate, generateHelp } from './generate.ts'
import { monitor } from './monitor/monitor.ts'
import { monitorHelp } from './monitor/options.ts'
import { push } from './push/push.ts'
import { pushHelp } from './push/options.ts'
import { secret } from './secret.ts'
import { usageOf, usageOfAll, type Command } from './usage.ts'

const commands: readonly Command[] = [
  {
    name: 'push',
    operands: 'FILE… | DIR | URL | -',
    about: 'sends old logs, plain or compressed; run again, it sends only what is new',
    options: pushHelp,
    run: push
  },
  {
    name: 'token',
    operands: 'URL [SITE]',
    about: 'makes an ingest token for a site, or for all; asks for the password',
    async run([url, site = '*']) {
      if (!url) throw new Error('token needs the address of a Loggia: loggia token https://…')
      return Client.during(url.replace(/\/+$/, ''), await askPassword(), (client) => client.createToken(site))
    }
  },
  {
    name: 'secret',
    operands: '',
    about: 'makes a value for the secret LOGGIA_SETUP, with which the password is chosen once',
    options: [['--hours 1', 'how long the value is good for, up to 24 hours']],
    run: secret
  },
  {
    name: 'fsck',
    operands: 'URL [SITE…]',
    about: 'checks that every hit is where it should be',
    options: [['--repair', 'deletes what nobody needs']],
    run: (args) => fsck(args, askPassword)
  },
  {
    name: 'bots',
    operands: '[update] URL',
    about: "lists the days of the crawlers' addresses that a server uses; update downloads them again",
    run: (args) => bots(args, askPassword)
  },
  {
    name: 'generate',
    operands: '',
    about: 'writes the log of a busy server as it comes, to try things on',
    options: generateHelp,
    run: generate
  },
  {
    name: 'monitor',
    operands: '',
    about: 'follows a log or a site, and tells statistics and alerts',
    options: monitorHelp,
    run: (args) => monitor(args, askPassword)
  },
  {
    name: 'geoip',
    operands: 'INPUT… OUT',
    about: 'makes a geo index from .mmdb or .csv; put it into the bucket as geo/country.geo',
    options: [
      ['--built DAY', 'when a .csv was made'],
      ['--attribution TEXT', 'whom its license asks to name'],
      ['--defaults DIR', 'makes the indexes that come with Loggia, without INPUT and OUT']
    ],
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

const asksForHelp = (arg: string) => arg === '--help' || arg === '-h'

/** As in `package.json`. */
function versionOf(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return version
}

async function main([name, ...args]: string[]): Promise<void> {
  if (name === '--version' || name === '-V') return console.log(versionOf())
  if (name === undefined || asksForHelp(name)) return console.log(usageOfAll(commands))
  const command = commands.find((command) => command.name === name)
  if (!command) throw new Error(`loggia has no command ${name}.\n\n${usageOfAll(commands)}`)
  const told = args.some(asksForHelp) ? usageOf(command) : await command.run(args)
  if (told !== '') console.log(told)
}

await main(process.argv.slice(2)).catch(fail)
