import { parseArgs } from 'node:util'
import type { Checked } from '../src/lib/schema/status.ts'
import { Client } from './client.ts'

/** Asks a server to check its sites, or those named, and tells what it found; fails where anything is wrong. */
export async function fsck(args: string[], password: () => Promise<string>): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { repair: { type: 'boolean', default: false } }
  })
  const [url, ...named] = positionals
  if (!url) throw new Error('fsck needs the address of a Loggia: loggia fsck https://…')
  const client = await Client.signIn(url.replace(/\/+$/, ''), await password())
  const sites = named.length ? named : await listSites(client)
  const reports = []
  for (const site of sites) reports.push({ site, ...(await check(client, site, values.repair)) })
  const text = reports.map(toText).join('\n')
  if (reports.some(({ findings }) => findings.length > 0)) throw new Error(text)
  return text
}

async function listSites(client: Client): Promise<string[]> {
  const { sites } = await ask<{ sites: { site: string }[] }>(client, 'GET', '/api/sites')
  return sites.map(({ site }) => site)
}

const check = (client: Client, site: string, repair: boolean) =>
  ask<Checked>(client, repair ? 'POST' : 'GET', `/api/sites/${site}/fsck`)

async function ask<T>({ url, headers }: Client, method: string, path: string): Promise<T> {
  const response = await fetch(url + path, { method, headers })
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

function toText({ site, version, parts, rows, unflushed, findings, repaired }: Checked & { site: string }) {
  const head = `${site}: ${rows} hits in ${parts} parts and ${unflushed} in the log, version ${version}`
  const lines = findings.map(({ kind, message }) => `  ${kind}: ${message}`)
  if (repaired) lines.push(`  deleted ${repaired} objects`)
  return [lines.length ? head : `${head}: good`, ...lines].join('\n')
}
