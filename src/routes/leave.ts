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

/** Lets go of what is open first: what is held cannot be deleted. A file that stays is no reason to stay here. */
export async function signOut() {
  sync.close()
  await session.signOut().finally(() => goto(resolve('/sign-in')))
}
