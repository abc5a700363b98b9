export interface Section {
  title: string
  /** What it is called where the site is a file. */
  local?: string
  route: `/s/[site]${string}`
  /** Leads there after G. */
  key: string
  /** A path on a square of 16. */
  icon: string
}

/** The pages of a site, in the order they are shown. */
export const sections = [
  {
    title: 'Overview',
    route: '/s/[site]',
    key: 'o',
    icon: 'M1.5 13.5V7.8a3.2 3.2 0 0 1 6.5 0 3.2 3.2 0 0 1 6.5 0v5.7M8 7.8v5.7M1.5 2.5h13'
  },
  {
    title: 'Setup',
    local: 'This file',
    route: '/s/[site]/setup',
    key: 'u',
    icon: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5'
  }
] as const satisfies Section[]

/** The address of a section: what is selected goes along. */
export const pathTo = ({ route }: Section, site: string, search: string) =>
  (route.replace('[site]', encodeURIComponent(site)) + search) as '/'
