import { exact, span } from '#lib/charts/format.ts'
import { slotsOf } from '#lib/data/period.ts'
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

/** `counted` is what the values are numbers of. */
export function read(values: readonly number[], slot: number, counted: string): Reading {
  const { from, to } = view.times
  const slots = slotsOf({ from, to })
  const start = slots.from + slot * slots.width
  return {
    at: slot / (values.length - 1),
    times: span(Math.max(from, start), Math.min(to, start + slots.width)),
    count: `${exact(values[slot] ?? 0)} ${counted}`
  }
}
