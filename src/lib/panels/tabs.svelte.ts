import { goto } from '$app/navigation'
import { page } from '$app/state'

interface Tabbed<T extends { name: string }> {
  readonly name: string
  readonly tabs: readonly [T, ...T[]]
}

/** Which tab of each panel is open: as the address says, else as it was left on this site. */
class Tabs {
  #key = $derived(`loggia.tabs.${page.params.site}`)
  #left = $derived.by(() => (void page.url.search, recall(this.#key)))

  of<T extends { name: string }>({ name, tabs }: Tabbed<T>): T {
    const wanted = page.url.searchParams.get(`tab.${name}`) ?? this.#left[name]
    return tabs.find((tab) => tab.name === wanted) ?? tabs[0]
  }

  open(panel: string, tab: string) {
    const own = `tab.${panel}=`
    const others = page.url.search
      .slice(1)
      .split('&')
      .filter((part) => part && !part.startsWith(own))
    localStorage.setItem(this.#key, JSON.stringify({ ...this.#left, [panel]: tab }))
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- the same page under another query
    return goto(`?${[...others, own + tab].join('&')}`, {
      replaceState: true,
      keepFocus: true,
      noScroll: true
    })
  }
}

function recall(key: string): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}')
  } catch {
    return {}
  }
}

export const tabs = new Tabs()
