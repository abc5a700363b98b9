import { setTimeout as sleep } from 'node:timers/promises'
import { causeOf, messageOf } from '../../src/lib/push/answer.ts'
import { daysBefore, daysBetween, fillDay, isTemplate } from './days.ts'
import { pauseBefore } from '../../src/lib/push/judge.ts'
import { refusedOf, type Opened, type Source } from './sources.ts'

/** Who signs in to the server that has the logs, by Basic auth. */
export interface Login {
  user: string
  password: string
}

const tries = 4
/** Ms until a server must begin to answer. */
const patience = 60_000
/** A file that was changed less than so many ms ago may still grow. */
const quiet = 60_000

/** The logs of an address; of a template, one a day. Days whose file is not there are left out. */
export function remoteSources(
  address: string,
  login: Login | null,
  { from, to }: { from: string | undefined; to: string | undefined },
  now: number
): Source[] {
  const { bare, login: own } = splitLogin(address)
  if (!isTemplate(bare)) return [remoteSource(bare, own ?? login)]
  if (from === undefined) throw new Error(`${bare} has a place for a date: say --from 2026-01-01`)
  return daysBetween(from, to ?? daysBefore(now, 1)).map((date) =>
    remoteSource(fillDay(bare, date), own ?? login, { mayMiss: true })
  )
}

/** Takes name and password out of an address: it is printed. */
function splitLogin(address: string): { bare: string; login: Login | null } {
  const match = /^(https?:\/\/)([^/@]*)@(.*)$/.exec(address)
  if (!match) return { bare: address, login: null }
  const [, scheme = '', secret = '', rest = ''] = match
  const [user = '', ...password] = secret.split(':')
  return {
    bare: scheme + rest,
    login: { user: decodeURIComponent(user), password: decodeURIComponent(password.join(':')) }
  }
}

/** A log at an address. Its content is not downloaded again while the server says that it is the same. */
export function remoteSource(
  address: string,
  login: Login | null,
  { mayMiss = false, twin }: { mayMiss?: boolean; twin?: string } = {}
): Source {
  const open = (stamp: string | null) => openRemote(address, login, stamp, mayMiss)
  return { name: address, refused: refusedOf(new URL(address).pathname || 'log'), open, twin }
}

async function openRemote(
  address: string,
  login: Login | null,
  stamp: string | null,
  mayMiss: boolean
): Promise<Opened | 'same' | 'missing'> {
  const [etag = null, changed = null] = JSON.parse(stamp || '[]') as (string | null)[]
  const headers = {
    // A log that lies compressed is passed on as it is.
    'Accept-Encoding': 'identity',
    ...(login && {
      Authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
    }),
    ...(etag !== null && { 'If-None-Match': etag }),
    ...(etag === null && changed !== null && { 'If-Modified-Since': changed })
  }
  const response = await ask(address, headers)
  const { status, body } = response
  if (status === 304 || (status === 404 && mayMiss)) {
    await body?.cancel()
    return status === 304 ? 'same' : 'missing'
  }
  if (status === 401 || status === 403)
    throw new Error(`the server does not let you in (${status}). Check --user and LOGGIA_SOURCE_PASSWORD.`)
  if (!response.ok || !body)
    throw new Error(`the download failed (${status}): ${messageOf(status, await response.text())}.`)
  const tags = ['ETag', 'Last-Modified'].map((name) => response.headers.get(name))
  const modified = Date.parse(tags[1] ?? '')
  return {
    size: Number(response.headers.get('Content-Length')) || null,
    stamp: tags.some((tag) => tag !== null) ? JSON.stringify(tags) : null,
    isGrowing: Date.now() - modified < quiet,
    chunks: body
  }
}

async function ask(address: string, headers: Record<string, string>): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const begun = new AbortController()
      const timer = setTimeout(
        () => begun.abort(new Error(`no answer within ${patience / 1000} s`)),
        patience
      )
      const response = await fetch(address, { headers, signal: begun.signal }).finally(() =>
        clearTimeout(timer)
      )
      if (response.status < 500 || attempt === tries) return response
      await response.body?.cancel()
    } catch (error) {
      if (attempt === tries)
        throw new Error(`it can't be reached (${causeOf(error)}). Check the address and the network.`, {
          cause: error
        })
    }
    await sleep(pauseBefore(attempt, null, Math.random))
  }
}
