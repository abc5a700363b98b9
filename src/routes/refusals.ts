/** Why records were refused, as the page says it. */
const said: Record<string, string> = {
  json: 'broken JSON',
  line: 'no access log line',
  line_too_long: 'longer than 65,536 characters',
  truncated_line: 'cut off at the end',
  truncated_list: 'a list without its end',
  msgpack: 'broken MessagePack',
  not_a_record: 'neither an object nor a line',
  shape: 'no request among its fields',
  service: 'no site name in “service”',
  site: 'no site named',
  new_site: 'a new site, above the limit',
  too_deep: 'nested too deep',
  internal: 'failed while being read',
  flush: 'accepted, but could not be built into a part',
  late_expired: 'older than the site keeps',
  site_paused: 'sent while the site was paused',
  site_deleted: 'sent after the site was deleted',
  unsupported_type: 'a body of a kind that is not taken',
  unsupported_encoding: 'a compression that is not taken',
  bad_encoding: 'a body that is not what its encoding says',
  truncated: 'a compressed body that ends early',
  trailing_bytes: 'a compressed body with something after its end',
  batch_too_large: 'a body of more than 10 MiB',
  decoded_too_large: 'a body of more than 20 MiB when decoded'
}

export const saidOf = (reason: string): string => said[reason] ?? reason.replaceAll('_', ' ')
