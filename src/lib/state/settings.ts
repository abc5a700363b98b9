import { call } from './session.svelte.ts'

const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/settings`

/** The settings of a site as the server has them. */
export const settingsOf = <Settings>(site: string): Promise<Settings> => call(pathOf(site))

/** Saves some settings of a site; the others stay. */
export const saveSettings = (site: string, changes: Record<string, unknown>): Promise<unknown> =>
  call(pathOf(site), { method: 'PUT', body: JSON.stringify(changes) })
