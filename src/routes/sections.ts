import { resolve } from '$app/paths'

/** The pages of a site that keeps its hits on a server. */
export const sectionsOf = (site: string) => [
  { route: '/s/[site]', title: 'Overview', href: resolve('/s/[site]', { site }) },
  { route: '/s/[site]/status', title: 'Status', href: resolve('/s/[site]/status', { site }) },
  { route: '/s/[site]/settings', title: 'Settings', href: resolve('/s/[site]/settings', { site }) }
]
