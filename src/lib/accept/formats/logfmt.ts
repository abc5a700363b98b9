import { emptyRecord } from '../fields.ts'
import type { Spelling } from './format.ts'
import { unescapeLine } from './unescape.ts'

const pair = /([A-Za-z_][\w.:-]{0,63})=(?:"((?:[^"\\]|\\[^])*)"|([^\s"]*))(?=\s|$)/g

/** Heroku's router and Go's servers call some things otherwise than `names.ts`. */
const names = new Map(
  Object.entries({
    fwd: 'x_forwarded_for',
    t: 'time',
    elapsed: 'duration',
    latency: 'duration'
  })
)

/** `key=value` and `key="two words"`, as Heroku, Grafana and Go's servers write. */
export const logfmt: Spelling = {
  name: 'logfmt',
  matches: (line) => /^[A-Za-z_][\w.-]{0,63}=\S* /.test(line) && (line.match(pair)?.length ?? 0) > 2,
  parse(line) {
    const record = emptyRecord()
    for (const [, name, inQuotes, word] of line.matchAll(pair))
      record[names.get(name!) ?? name!] ??= inQuotes === undefined ? word : unescapeLine(inQuotes)
    // What Heroku's router calls the service is how long it took.
    const { service, ...others } = record
    if (typeof service !== 'string' || !/^\d+ms$/.test(service)) return record
    return { ...others, upstream_service_time: service, duration: others.duration ?? service }
  }
}
