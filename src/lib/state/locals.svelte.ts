import type { LocalSite } from '#lib/local/local.ts'

const key = 'local-sites'

const kept = (): LocalSite[] => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]')
  } catch {
    return []
  }
}

/** The files opened on this device: sites that need neither server nor sign-in. */
class Locals {
  sites = $state.raw<LocalSite[]>(kept())

  /** What the page calls a site: a file by its name. */
  nameOf = (site: string): string => this.find(site)?.name ?? site

  find = (site: string) => this.sites.find((one) => one.site === site)

  add(site: LocalSite) {
    this.#keep([site, ...this.sites.filter((one) => one.site !== site.site)])
  }

  /** Takes a file's hits off this device; the file itself is not touched. */
  async remove(site: string) {
    this.#keep(this.sites.filter((one) => one.site !== site))
    const { removeSite } = await import('#lib/device/offline.ts')
    await removeSite(site)
  }

  /** Another tab has opened or removed one. */
  look = () => (this.sites = kept())

  #keep(sites: LocalSite[]) {
    this.sites = sites
    localStorage.setItem(key, JSON.stringify(sites))
  }
}

export const locals = new Locals()
