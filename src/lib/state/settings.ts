import { call } from './session.svelte.ts'

const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/settings`
const asked = new Map<string, Promise<unknown>>()

/** The settings of a site as the server has them. Whoever asks while an answer is on its way gets the same answer. */
export function settingsOf<Settings>(site: string): Promise<Settings> {
  const known = asked.get(site)
  if (known) return known as Promise<Settings>
  const answer = call<Settings>(pathOf(site))
  asked.set(site, answer)
  const forget = () => asked.get(site) === answer && asked.delete(site)
  answer.then(forget, forget)
  return answer
}

/** Saves some settings of a site; the others stay. */
export async function saveSettings(site: string, change: Record<string, unknown>): Promise<void> {
  try {
    await call(pathOf(site), { method: 'PUT', body: JSON.stringify(change) })
  } finally {
    // An answer on its way may be older than the change.
    asked.delete(site)
  }
}
