import { openDevice } from '#lib/device/device.ts'
import { glances } from './glances.svelte.ts'
import { midnight } from '#lib/time/range.ts'

/** Brings yesterday and today of a site onto this device, for its card. */
export async function freshen(site: string): Promise<void> {
  const now = Date.now()
  const device = await openDevice(site)
  try {
    await device.sync({ from: midnight(now, -1), to: midnight(now, 1) })
    await glances.take(device, now)
  } finally {
    await device.close()
  }
}
