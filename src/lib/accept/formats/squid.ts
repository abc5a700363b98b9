import { named } from './named.ts'

/** Squid's native format: epoch, milliseconds, client, result and status, bytes, method, URL, user, hierarchy, type. */
export const squid = named(
  'squid',
  /^(?<msec>\d{9,11}\.\d{3}) +(?<duration_ms>-?\d+) (?<remote_addr>\S+) (?<cache_status>[A-Z_]+)\/(?<status>\d{3}) (?<bytes>\d+) (?<method>\S+) (?<url>\S+) (?<user>\S+) (?<hierarchy>[A-Z_]+\/\S+) (?<content_type>\S+)/
)
