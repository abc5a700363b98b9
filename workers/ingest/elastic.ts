import { readBulk, type Action } from '#lib/accept/bulk.ts'
import { Hono, type Context } from 'hono'
import { grantOf, receive, type App, type Receipt } from './receive.ts'

/** What Filebeat, Logstash and Vector ask before they send. */
const license = { uid: 'loggia', type: 'basic', mode: 'basic', status: 'active' }
const answers: Record<string, object> = {
  '/': {
    name: 'loggia',
    cluster_name: 'loggia',
    cluster_uuid: 'loggia',
    version: {
      number: '8.15.0',
      build_flavor: 'default',
      build_type: 'tar',
      build_hash: 'loggia',
      build_date: '2024-08-05T00:00:00.000Z',
      build_snapshot: false,
      lucene_version: '9.11.1',
      minimum_wire_compatibility_version: '7.17.0',
      minimum_index_compatibility_version: '7.0.0'
    },
    tagline: 'You Know, for Search'
  },
  '/_license': { license },
  '/_xpack': { license, features: { ilm: { available: false, enabled: false } } },
  '/_cluster/health': { cluster_name: 'loggia', status: 'green', timed_out: false }
}

/** What they would set up: it counts as being there already. */
const settings = [
  '/_index_template/:name',
  '/_component_template/:name',
  '/_template/:name',
  '/_data_stream/:name',
  '/_ilm/policy/:name',
  '/_ingest/pipeline/:name'
]

/** Takes what is meant for Elasticsearch: some forwarders speak nothing else. */
export const elastic = new Hono<App>()

elastic.use('*', async (c, next) => {
  await next()
  // Clients of version 7.14 and later talk to nothing without it.
  c.header('X-Elastic-Product', 'Elasticsearch')
})

for (const [path, body] of Object.entries(answers))
  elastic.get(path, async (c) => {
    await grantOf(c)
    return c.json(body)
  })

for (const path of settings)
  elastic.on(['GET', 'PUT'], path, async (c) => {
    await grantOf(c)
    return c.json(c.req.method === 'PUT' ? { acknowledged: true } : {})
  })

elastic.on(['POST', 'PUT'], ['/_bulk', '/:index/_bulk'], (c) => {
  const actions: Action[] = []
  return receive(c, {
    readerOf: () => (body, limits) => readBulk(body, limits, actions),
    answer: (c, receipt) => answerBulk(c, receipt, actions)
  })
})

/** One item for each action, in their order; a record that is in the log, now or since before, is created. */
function answerBulk(c: Context, { accepted, shares, refusals, took }: Receipt, actions: Action[]): Response {
  const kept = new Set([...shares.values()].flatMap(({ hits }) => hits))
  const isKept = new Uint8Array(accepted.received)
  for (const [service, hits] of accepted.hits) {
    const places = accepted.indices.get(service)!
    for (const [i, hit] of hits.entries()) if (kept.has(hit)) isKept[places[i]!] = 1
  }
  const reasons = new Map(
    refusals.map(({ index, reason, message }) => [index, { type: reason, reason: message }])
  )
  // Fluent Bit sends all of a batch again, for ever, unless what is refused is called a conflict.
  const status = c.req.header('User-Agent')?.startsWith('Fluent-Bit') ? 409 : 400
  const items = actions.map(({ name, id, record }) => {
    const own = id === undefined ? {} : { _id: id }
    const refused = record === null ? nothing[name] : refusalOf(record)
    return { [name]: refused === null ? { ...own, status: 201 } : { ...own, status, error: refused } }
  })
  return c.json({ took, errors: items.some((item) => Object.values(item)[0]!.status !== 201), items })

  function refusalOf(record: number): object | null {
    const end = accepted.firsts[record + 1] ?? accepted.received
    for (let place = accepted.firsts[record]!; place < end; place++)
      if (isKept[place] === 0) return reasons.get(place) ?? unlisted
    return null
  }
}

const unlisted = { type: 'refused', reason: 'one of many refused records: Status counts them by reason' }
const missing = { type: 'not_a_record', reason: 'no record follows this action' }
const nothing = {
  create: missing,
  index: missing,
  update: missing,
  delete: { type: 'not_a_record', reason: 'records are only added here, never deleted' }
}
