import type { Device } from '#lib/device/device.ts'
import type { Selection } from '#lib/filter/filter.ts'
import type { Query } from '#lib/ask/query.ts'
import type { Variables } from '#lib/ask/selected.ts'
import { sync } from './sync.svelte.ts'
import { view } from './view.svelte.ts'

const connections = new WeakMap<Device, Promise<Query>>()
let last: Promise<unknown> = Promise.resolve()

async function ask<Row>(selection: Selection, sql: string, variables: Variables): Promise<Row[]> {
  const { device } = sync
  if (!device) return []
  if (!connections.has(device)) connections.set(device, device.connect())
  const query = await connections.get(device)!
  await query.select(selection, view.timing)
  await query.set(variables)
  return query.ask<Row>(sql)
}

/**
 * Asks on a connection of its own, one question at a time: under another selection than the one on screen, or what
 * must not wait for the panels, whose questions came first.
 */
export function askBeside<Row>(selection: Selection, sql: string, variables: Variables = {}): Promise<Row[]> {
  const answer = last.then(() => ask<Row>(selection, sql, variables))
  last = answer.catch(() => {})
  return answer
}
