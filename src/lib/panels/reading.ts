import { exact } from '#lib/format/number.ts'
import { span } from '#lib/format/time.ts'
import { slotsOf } from '#lib/time/buckets.ts'
import { overlaps } from '#lib/time/ranges.ts'
import { sync } from '#lib/state/sync.svelte.ts'
import { view } from '#lib/state/view.svelte.ts'

/** What a trend tells of one of its slots. */
export interface Reading {
  /** Where it lies along the trend, from 0 to 1. */
  at: number
  times: string
  count: string
}

/** Of the slots of a trend, the last that has begun. */
export function lastSlot({ length }: readonly unknown[]): number {
  const { from, width } = slotsOf(view.times)
  return Math.min(length - 1, Math.max(0, Math.floor((view.now - from) / width)))
}

/** Values of slots, null for one that is still to come, and for one of which only this device has nothing. */
export function knownSlots(values: readonly number[]): (number | null)[] {
  const { from, width } = slotsOf(view.times)
  const last = lastSlot(values)
  const isAbsent = (i: number) =>
    overlaps(sync.absent, { from: from + i * width, to: from + (i + 1) * width })
  return values.map((value, i) => (i > last || (!value && isAbsent(i)) ? null : value))
}

/** `counted` is what the values are numbers of. */
export function read(values: readonly (number | null)[], slot: number, counted: string): Reading {
  const { from, to } = view.times
  const slots = slotsOf({ from, to })
  const start = slots.from + slot * slots.width
  const value = values[slot] ?? null
  return {
    at: slot / (values.length - 1),
    times: span(Math.max(from, start), Math.min(to, start + slots.width)),
    count: value === null ? 'not on this device' : `${exact(value)} ${counted}`
  }
}
