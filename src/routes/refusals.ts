/** Why records were refused, as the page says it. */
const said: Record<string, string> = {
  json: 'broken JSON',
  line: 'no access log line',
  line_too_long: 'longer than 65,536 characters',
  truncated_line: 'cut off at the end',
  not_a_record: 'neither an object nor a line',
  shape: 'no request among its fields',
  service: 'no site name in “service”',
  too_deep: 'nested too deep',
  internal: 'failed while being read'
}

export const saidOf = (reason: string): string => said[reason] ?? reason.replaceAll('_', ' ')
