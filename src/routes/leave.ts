import { goto } from '$app/navigation'
import { resolve } from '$app/paths'
import { keys } from '#lib/state/keys.svelte.ts'
import { locals } from '#lib/state/locals.svelte.ts'
import { session } from '#lib/state/session.svelte.ts'
import { sync } from '#lib/state/sync.svelte.ts'

/** Signs out, and asks first where files were opened on this device: no server can bring them again. */
export function leave() {
  if (locals.sites.length) keys.overlay = 'leave'
  else void signOut()
}

/** Closes the open file first: an open file cannot be deleted. Ends at the sign-in page, even if a file could not be deleted. */
export async function signOut() {
  sync.close()
  await session.signOut().finally(() => goto(resolve('/sign-in')))
}
