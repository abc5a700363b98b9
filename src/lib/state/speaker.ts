import { around } from '#lib/alert/around.ts'
import { metrics } from '#lib/alert/metrics.ts'
import type { Spell } from '#lib/alert/spell.ts'
import type { AlertRule } from '#lib/schema/alerts.ts'
import { ownZone } from '#lib/time/clock.ts'
import { writeStretch } from '#lib/time/range.ts'

/** Waits until no other tab notifies of the alerts of a site. Returns what ends the wait, or passes the turn on. */
export function speakFor(site: string, onturn: () => void): () => void {
  const waiting = new AbortController()
  let leave = () => {}
  const held = new Promise<void>((resolve) => (leave = resolve))
  navigator.locks
    .request(`loggia.alerts.${site}`, { signal: waiting.signal }, () => {
      onturn()
      return held
    })
    .catch(() => {})
  return () => {
    waiting.abort()
    leave()
  }
}

const wished = 'loggia.notify'

/** Whether notifications are wanted here, and the browser lets them through. */
export const isNotifying = (): boolean =>
  'Notification' in window && Notification.permission === 'granted' && localStorage.getItem(wished) === 'yes'

/** Asks the browser, which asks the user, or switches them off; says whether they are on. */
export async function wishNotifications(isWished: boolean): Promise<boolean> {
  localStorage.setItem(wished, isWished ? 'yes' : 'no')
  if (isWished && 'Notification' in window && Notification.permission === 'default')
    await Notification.requestPermission()
  return isNotifying()
}

const sound = 'loggia.sound'

/** Whether alerts sound on this device; off at first. */
export const isSounding = (): boolean => localStorage.getItem(sound) === 'yes'

export const wishSound = (isWished: boolean): void => localStorage.setItem(sound, isWished ? 'yes' : 'no')

/** Plays the sound of an alert; false if the browser refuses. */
export const playSound = async (): Promise<boolean> => (await import('./tone.ts')).playTone()

/** Shows a notification of an alert that fires. One that cannot be shown is in the page all the same. */
export async function notify(site: string, rule: AlertRule, { fired, until, value }: Spell): Promise<void> {
  if (isSounding()) void playSound()
  if (!isNotifying()) return
  const period = writeStretch(around({ fired: fired!, until }, rule.window), ownZone)
  const options = {
    tag: `${site} ${rule.id}`,
    body: `${Number(value.toPrecision(3))} ${metrics[rule.metric].unit} since ${new Date(fired! * 1_000).toLocaleTimeString()}`,
    icon: '/icons/icon-192.png',
    data: { path: `/s/${encodeURIComponent(site)}/alerts?p=${period}#rule=${rule.id}` }
  }
  const title = `${rule.title}: ${site}`
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  await (
    worker ? worker.showNotification(title, options) : Promise.resolve(new Notification(title, options))
  ).catch(() => {})
}
