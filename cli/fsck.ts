import { parseArgs } from 'node:util'
import type { Checked, Finding } from '../src/lib/schema/status.ts'
import { Client, failed } from './client.ts'
import { count } from './count.ts'

/** Findings of a kind that are told; a bucket that is away would give thousands. */
const told = 20

/** Asks a server to check its sites, or those named, and tells what it found; fails where anything is wrong. */
export async function fsck(args: string[], password: () => Promise<string>): Promise<string> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { repair: { type: 'boolean', default: false } }
  })
  const [url, ...named] = positionals
  if (!url) throw new Error('fsck needs the address of a Loggia: loggia fsck https://…')
  return Client.during(url.replace(/\/+$/, ''), await password(), (client) =>
    checkSites(client, named, values.repair)
  )
}

async function checkSites(client: Client, named: readonly string[], repair: boolean): Promise<string> {
  const known = await listSites(client)
  const stranger = named.find((site) => !known.includes(site))
  if (stranger !== undefined)
    throw new Error(`site ${stranger} is not known: ${known.join(', ') || 'there is none'}`)
  const reports = []
  for (const site of named.length ? named : known) {
    if (process.stderr.isTTY) console.error(`Checking ${site} …`)
    reports.push({ site, ...(await check(client, site, repair)) })
  }
  const text = reports.map(describe).join('\n') || 'There is no site yet.'
  if (reports.some(({ findings }) => findings.length > 0)) throw new Error(text)
  return text
}

async function listSites(client: Client): Promise<string[]> {
  const { sites } = await ask<{ sites: { site: string }[] }>(client, 'GET', '/api/sites')
  return sites.map(({ site }) => site)
}

const check = (client: Client, site: string, repair: boolean) =>
  ask<Checked>(client, repair ? 'POST' : 'GET', `/api/sites/${encodeURIComponent(site)}/fsck`)

async function ask<T>({ url, headers }: Client, method: string, path: string): Promise<T> {
  const response = await fetch(url + path, { method, headers })
  if (!response.ok) throw await failed(path, response)
  return (await response.json()) as T
}

/** The report of a site: a line of totals, then what is wrong, kind by kind. */
export function describe({
  site,
  version,
  parts,
  rows,
  unflushed,
  findings,
  repaired,
  mended
}: Checked & { site: string }): string {
  const totals = `${site}: ${count(rows, 'hit')} in ${count(parts, 'part')}, ${unflushed.toLocaleString('en')} in the log, version ${version}`
  const verdict = findings.length ? count(findings.length, 'finding') : 'all is as it should be'
  const lines = [...Map.groupBy(findings, ({ kind }) => kind).values()].flatMap(describeKind)
  if (mended)
    lines.push(
      `  made again after a power cut: ${count(mended.parts, 'part')}, last ${new Date(mended.at).toISOString()}`
    )
  if (repaired) lines.push(`  deleted ${count(repaired, 'object')}`)
  else if (findings.some(({ kind }) => kind === 'orphan' || kind === 'garbage'))
    lines.push('  --repair deletes what nobody needs')
  return [`${totals}: ${verdict}`, ...lines].join('\n')
}

function describeKind(findings: Finding[]): string[] {
  const lines = findings.slice(0, told).map(({ kind, message }) => `  ${kind}: ${message}`)
  const left = findings.length - lines.length
  return left ? [...lines, `  ${findings[0]!.kind}: and ${left.toLocaleString('en')} more`] : lines
}
