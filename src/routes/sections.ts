import { isLocal } from '#lib/device/local-name.ts'

export interface Section {
  title: string
  /** What it is called where the site is a file, which has no other pages. */
  local?: string
  route: `/s/[site]${string}`
  /** Leads there after G. */
  key: string
  /** A path on a square of 16. */
  icon: string
}

const sections = [
  {
    title: 'Overview',
    local: 'Overview',
    route: '/s/[site]',
    key: 'o',
    icon: 'M1.5 13.5V7.8a3.2 3.2 0 0 1 6.5 0 3.2 3.2 0 0 1 6.5 0v5.7M8 7.8v5.7M1.5 2.5h13'
  },
  {
    title: 'Bots',
    local: 'Bots',
    route: '/s/[site]/bots',
    key: 'b',
    icon: 'M3.5 6.5h9v7h-9zM8 6.5V3M6.2 9.3v1.4M9.8 9.3v1.4M1.5 9v2.5M14.5 9v2.5M7 2.5h2'
  },
  {
    title: 'Security',
    local: 'Security',
    route: '/s/[site]/security',
    key: 'c',
    icon: 'M8 1.5 2.5 3.5v4c0 3.4 2.3 6 5.5 7 3.2-1 5.5-3.6 5.5-7v-4z'
  },
  {
    title: 'Explore',
    local: 'Explore',
    route: '/s/[site]/explore',
    key: 'e',
    icon: 'M2 3.5h12M2 7h6M2 10.5h4M10.5 8a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M12.5 12.7l2 2'
  },
  {
    title: 'Live',
    route: '/s/[site]/live',
    key: 'l',
    icon: 'M8 7v2M5 11a4 4 0 0 1 0-6m6 0a4 4 0 0 1 0 6M3 13A7 7 0 0 1 3 3m10 0a7 7 0 0 1 0 10'
  },
  {
    title: 'Alerts',
    local: 'Alerts',
    route: '/s/[site]/alerts',
    key: 'a',
    icon: 'M4 11.5V7.3a4 4 0 0 1 8 0v4.2l1.5 1.5h-11zM6.5 13a1.5 1.5 0 0 0 3 0'
  },
  {
    title: 'SQL',
    local: 'SQL',
    route: '/s/[site]/sql',
    key: 'q',
    icon: 'M2.5 4l4 4-4 4M8 12.5h5.5'
  },
  {
    title: 'Setup',
    local: 'This file',
    route: '/s/[site]/setup',
    key: 'u',
    icon: 'M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5'
  },
  {
    title: 'Status',
    route: '/s/[site]/status',
    key: 't',
    icon: 'M1.5 8.5h3l2-5 3 9.5 2-4.5h3'
  },
  {
    title: 'Settings',
    route: '/s/[site]/settings',
    key: 'i',
    icon: 'M2 4.5h6m4 0h2M2 11.5h2m4 0h6M10 2.8v3.4M6 9.8v3.4'
  }
] as const satisfies Section[]

/** The pages of a site, in the order they are shown; `*`, all sites, has none. */
export const sectionsOf = (site: string): readonly ((typeof sections)[number] & Section)[] =>
  site === '*' ? [] : sections.filter((section: Section) => !isLocal(site) || section.local)

/** The address of a section: what is selected goes along. */
export const pathTo = ({ route }: Section, site: string, search: string) =>
  (route.replace('[site]', encodeURIComponent(site)) + search) as '/'
