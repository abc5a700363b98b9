import type { Device } from '#lib/device/device.ts'
import { isDimension, type Dimension } from '#lib/filter/dimension.ts'
import { isMember } from '#lib/filter/member.ts'
import { isFieldSwitches, usualSwitches, type FieldSwitches } from '#lib/schema/field-switches.ts'
import { SiteSetting } from '#lib/state/site-setting.svelte.ts'

const setting = new SiteSetting<FieldSwitches>('field_switches', usualSwitches)

/** How the site that is open shows its fields. Names that this version does not know have no effect. */
class SwitchedFields {
  #current = $derived(isFieldSwitches(setting.value) ? setting.value : usualSwitches)
  #unlisted = $derived(new Set(this.#current.unlisted))
  #long = $derived(new Set(this.#current.long))
  /** The columns of the list; null for the usual ones. */
  shown = $derived.by((): readonly Dimension[] | null => {
    const known = this.#current.shown?.filter((name) => isDimension(name) && !this.isLong(name)) ?? []
    return known.length ? (known as Dimension[]) : null
  })
  /** Keys that are searched for texts anywhere in a line. */
  searched = $derived(this.#current.searched.filter(isMember))

  recall = (site: string): void => setting.recall(site)

  /** Calls `again` if the device is to search other keys than before. */
  async open(site: string, device: Device, again: () => void): Promise<void> {
    await setting.open(site)
    if (device.search(this.searched)) again()
  }

  /** The same with switches that were just read or saved. */
  take(switches: FieldSwitches, device: Device | null, again: () => void): void {
    setting.take(switches)
    if (device?.search(this.searched)) again()
  }

  isListed = (field: string): boolean => !this.#unlisted.has(field)
  isLong = (field: string): boolean => this.#long.has(field)
}

export const fieldSwitches = new SwitchedFields()
