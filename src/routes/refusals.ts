/** Why records were refused, as the page says it. */
const said: Record<string, string> = {
  json: 'invalid JSON',
  line: 'not an access log line',
  line_too_long: 'longer than 65,536 characters',
  truncated_line: 'cut off',
  truncated_list: 'list without an end',
  msgpack: 'invalid MessagePack',
  not_a_record: 'neither an object nor a line',
  shape: 'fields without a request',
  service: 'invalid site name in “service”',
  site: 'no site name',
  new_site: 'new site above the limit',
  too_deep: 'nested too deep',
  internal: 'error while reading',
  flush: 'accepted, but not stored in a part',
  late_expired: 'older than the retention period',
  site_paused: 'sent while the site was paused',
  site_deleted: 'sent after the site was deleted',
  unsupported_type: 'unsupported content type',
  unsupported_encoding: 'unsupported compression',
  bad_encoding: 'body doesn’t match its encoding',
  truncated: 'compressed body cut off',
  trailing_bytes: 'data after the compressed body',
  batch_too_large: 'body over 10 MiB',
  decoded_too_large: 'body over 20 MiB decompressed'
}

export const saidOf = (reason: string): string => said[reason] ?? reason.replaceAll('_', ' ')
