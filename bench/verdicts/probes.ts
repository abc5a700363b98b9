import { accept } from '#lib/accept/accept.ts'
import { asCombined } from '#lib/sample/lines.ts'
import type { LoggedRequest } from '#lib/sample/request.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { familyOf, probedFields, probeFamilies } from '#lib/star/probes.ts'
import { existsSync } from 'node:fs'
import { short, type Section } from '../report.ts'
import { attackLogs, readLines } from './labelled.ts'

const received = Date.parse('2026-11-30T00:00:00Z')
const attacks = new Set(probeFamilies.filter(({ isAttack }) => isAttack).map(({ name }) => name))

/** A request that a core rule of OWASP is tested with. */
interface Listed {
  family: string
  attack: boolean
  method: string
  uri: string
  ua: string | null
  referer: string | null
}

function hitsOf(line: string): AcceptedHit[] {
  const { hits } = accept(new TextEncoder().encode(line), { received, token: 'bench' })
  return [...hits.values()].flat()
}

const asLine = ({ method, uri, ua, referer }: Listed) =>
  asCombined({
    ip: '192.0.2.1',
    time: Date.parse('2026-11-01'),
    line: `${method} ${uri} HTTP/1.1`,
    status: 200,
    bytes: 5,
    referrer: referer,
    agent: ua,
    remote_user: null
  } as LoggedRequest)

const familiesOf = (hit: AcceptedHit) =>
  probedFields.flatMap((field) => (hit[field] === null ? [] : (familyOf(field, hit[field]) ?? [])))

/** What share of requests that are attacks, and of others, the families of probes recognize. */
export function measureProbes(): Section[] {
  if (!existsSync(attackLogs)) return []
  const listed = readLines('attacks/crs.jsonl.gz').map((line) => JSON.parse(line) as Listed)
  const rules = Map.groupBy(listed, ({ family }) => family.replace(/^REQUEST-/, ''))
  return [
    {
      title: 'Probes',
      how: 'Requests that the core rules of OWASP are tested with, as a server would log them. *Called attack*: of a family that no reader asks for. *Recognized*: of any family. "Others" must not match one rule; some are attacks of another rule.',
      columns: ['rules', 'attacks', 'called attack', 'recognized', 'others', 'others called attack'],
      rows: [['all', listed] as const, ...rules].map(([name, some]) => {
        const found = some.map((one) => ({
          ...one,
          families: hitsOf(asLine(one)).flatMap(familiesOf)
        }))
        const [are, others] = [found.filter((one) => one.attack), found.filter((one) => !one.attack)]
        const called = (one: (typeof found)[number]) => one.families.some((family) => attacks.has(family))
        return [
          name,
          are.length,
          share(are.filter(called).length, are.length),
          share(are.filter(({ families }) => families.length > 0).length, are.length),
          others.length,
          share(others.filter(called).length, others.length)
        ]
      })
    }
  ]
}

const share = (part: number, whole: number) => (whole ? `${short((part / whole) * 100)} %` : '')
