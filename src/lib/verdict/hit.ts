import { fill } from '#lib/engine/fill.ts'
import { probeFamilies } from '#lib/star/probes.ts'
import { fieldOf } from '#lib/star/star.ts'
import hit from './hit.sql?raw'

/** SQL over `hit` of `hit.sql`: the hits that each sign is seen in. A rule counts them by visitor. */
export const signs = {
  hits: 'true',
  pages: 'is_page_view',
  assets: 'is_asset AND is_answered',
  attacks: 'is_attack AND NOT is_answered',
  probes: 'is_probe AND NOT is_answered',
  refused: 'NOT is_asset AND status BETWEEN 400 AND 499 AND status NOT IN (401, 408, 429, 499)',
  failed: 'status >= 400',
  told: 'is_told',
  heads: 'is_head',
  posts: 'is_post',
  odd_methods: 'is_odd_method',
  unreadable: 'path = 0',
  followed: 'is_page_view AND is_internal',
  linked: 'is_linked',
  old_protocol: 'is_old_protocol',
  signed_in: 'remote_user > 0 AND is_answered'
} as const

export type SignName = keyof typeof signs

/** SQL that counts each sign in a column of its name. */
export const countsOfSigns: string = Object.entries(signs)
  .map(([name, test]) => `count(*) FILTER (${test}) AS ${name}`)
  .join(',\n  ')

const gaps = {
  ...Object.fromEntries(
    (['path', 'query', 'method', 'protocol', 'referrer_kind'] as const).map((name) => [
      name,
      String(fieldOf(name))
    ])
  ),
  attacks: probeFamilies
    .filter(({ isAttack }) => isAttack)
    .map(({ name }) => `'${name}'`)
    .join(', ')
}

/** What judging needs of a hit: all of its columns would take more memory than there is. */
const judgedBy = [
  'visitor',
  'client',
  'source',
  'seq',
  'time',
  'status',
  'path',
  'remote_user',
  'is_bot',
  'is_asset',
  'is_page_view'
]
  .map((name) => `hits.${name}`)
  .join(', ')
const whole = 'hits.*'

/** A WITH clause whose `hit` has the rows of `hits`, SQL that can stand behind FROM: with all columns, or those to judge by. */
export const hitSql = (hits: string, isWhole: boolean): string =>
  fill(hit, { ...gaps, hits, columns: isWhole ? whole : judgedBy }).trim()
