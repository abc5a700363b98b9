import type { Device } from '#lib/device/device.ts'
import { fieldSwitches } from './field-switches.svelte.ts'
import { rulings } from './rulings.svelte.ts'

/** Looks at a site as its owner wants it. Calls `again` if what was asked before has another answer now. */
export async function openSettings(site: string, device: Device, again: () => void): Promise<void> {
  await Promise.all([rulings.open(site, device), fieldSwitches.open(site, device, again)])
}
