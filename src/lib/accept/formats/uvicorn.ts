import { withoutPort } from '../address.ts'
import { named } from './named.ts'

/**
 * Uvicorn's access log, by itself, as a worker of Gunicorn (without `INFO:`), or behind the time, level and name that
 * Python's logging writes. It shows no agent, and over a Unix socket no client.
 */
export const uvicorn = named(
  'uvicorn',
  new RegExp(
    String.raw`^(?:(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,\d]*(?:Z|[+-]\d\d:?\d\d)?) +)?` +
      String.raw`(?:(?:INFO|uvicorn\.access|[-|]):? +|INFO:uvicorn\.access:){0,6}` +
      String.raw`(?:(?<client>\S+:\d+) )?- "(?<request>[A-Z]+ .* HTTP\/\d(?:\.\d)?)" (?<status>\d{3})(?: [\w' -]*)?$`
  ),
  // The port stands behind IPv6 without brackets, too: `::1:54321`.
  ({ client, ...found }) =>
    typeof client === 'string' ? { ...found, remote_addr: withoutPort(client) } : found
)
