import { goto } from '$app/navigation'
import { resolve } from '$app/paths'
import type { Source } from '#lib/local/local.ts'
import { opening } from '#lib/state/opening.svelte.ts'

/** Opens the overview of a file that was read. */
export function showSite(site: string): Promise<void> {
  opening.close()
  return goto(resolve(`/s/${site}?p=all`))
}

/** Reads files or the sample data and shows them, unless lines were refused: the user looks at these first. */
export async function readAndShow(source: Source): Promise<void> {
  const site = await opening.open(source)
  if (site && !site.refusals.total && !site.broken) await showSite(site.site)
}
