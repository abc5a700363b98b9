import { daysBefore, daysBetween, fillDay } from './days.ts'
import { remoteSource, type Login } from './remote.ts'
import type { Source } from './sources.ts'

/** Days that OVH keeps, besides today. */
const kept = 365
const folders = { access: '/', error: '/error/' }

/**
 * The logs of an OVH web hosting, `ACCOUNT@CLUSTER`: the access and error logs of the days before today, the oldest
 * first, then the live access logs of yesterday and today.
 */
export function ovhSources(hosting: string, login: Login | null, now: number): Source[] {
  const { account, base } = readHosting(hosting)
  const live = (date: Date) => fillDay(`${base}/osl/${account}-{dd}-{mm}-{yyyy}.log`, date)
  const archive = (date: Date, folder: string) =>
    fillDay(`${base}/logs/logs-{mm}-{yyyy}${folder}${account}-{dd}-{mm}-{yyyy}.log.gz`, date)
  const archived = daysBetween(daysBefore(now, kept), daysBefore(now, 1)).flatMap((date) => [
    remoteSource(archive(date, folders.access), login, { mayMiss: true, twin: live(date) }),
    remoteSource(archive(date, folders.error), login, { mayMiss: true })
  ])
  const running = daysBetween(daysBefore(now, 1), daysBefore(now, 0)).map((date) =>
    remoteSource(live(date), login, { mayMiss: true, twin: archive(date, folders.access) })
  )
  return [...archived, ...running]
}

/** `ACCOUNT@CLUSTER`, or the address of a folder that has the account's name. */
function readHosting(hosting: string): { account: string; base: string } {
  if (/^https?:\/\//.test(hosting)) {
    const base = hosting.replace(/\/+$/, '')
    return { account: base.slice(base.lastIndexOf('/') + 1), base }
  }
  const [account = '', cluster = '', ...others] = hosting.split('@')
  if (!/^[\w.-]+$/.test(account) || !/^[\w-]+$/.test(cluster) || others.length > 0)
    throw new Error(`--ovh is ${hosting}: write the account and its cluster, example.com@cluster030`)
  return { account, base: `https://logs.${cluster}.hosting.ovh.net/${account}` }
}
