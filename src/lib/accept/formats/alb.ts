import { withoutPort } from '../address.ts'
import { putAddress } from '../client.ts'
import {
  cut,
  keepExtra,
  noteAgent,
  putTime,
  readBytes,
  readDuration,
  readLastStatus,
  readStatus,
  readText
} from '../fields.ts'
import { putRequest, readHost } from '../request.ts'
import type { Format } from './format.ts'

const begins = /^(?:(?:https?|h2|grpcs|wss?) )?\d{4}-\d\d-\d\dT[\d:.]+Z \S+ \S+:\d+ (?:\S+:\d+|-) -?\d/

/** AWS' load balancers, Application and Classic: three times in seconds, -1 for what did not happen. */
export const alb: Format<string> = {
  name: 'alb',
  matches: (line) => begins.test(line),
  read(hit, line, source) {
    const words = Array.from(
      line.slice(0, 16_384).matchAll(/"([^"]*)"|\S+/g),
      ([word, inQuotes]) => inQuotes ?? word
    )
    if (/^\d/.test(words[0]!)) words.unshift('')
    const [
      type,
      time,
      balancer,
      client,
      target,
      before,
      upstream,
      after,
      status,
      targetStatus,
      received,
      sent
    ] = words
    const [request, agent, , protocol, , trace, domain] = words.slice(12)
    putTime(hit, time, source)
    putAddress(hit, withoutPort(client!), null)
    putRequest(hit, readText(request))
    hit.status = readStatus(hit, status)
    hit.upstream_status = readLastStatus(hit, targetStatus)
    hit.request_bytes = readBytes(hit, received)
    hit.bytes = readBytes(hit, sent)
    const spans = [before, upstream, after].map(Number)
    if (spans.every((span) => span >= 0)) {
      hit.duration = readDuration(
        hit,
        spans.reduce((sum, span) => sum + span),
        1000
      )
      hit.upstream_duration = readDuration(hit, spans[1], 1000)
    }
    const text = readText(agent)
    if (text === null) noteAgent(hit)
    else hit.user_agent = cut(hit, text, 2048)
    hit.request_id = readText(trace)?.slice(0, 256) ?? null
    hit.host ??= readHost(domain ?? '')
    keepExtra(hit, 'type', type)
    keepExtra(hit, 'balancer', balancer)
    keepExtra(hit, 'upstream_addr', target)
    keepExtra(hit, 'ssl_protocol', protocol)
  }
}
