import { named } from './named.ts'

/**
 * The servers of Werkzeug and Python's `http.server`, and that of Django, which names no client. Their time is local
 * and names no zone; they show no agent.
 */
export const werkzeug = named(
  'werkzeug',
  /^(?:INFO:werkzeug:)?(?:(?<remote_addr>[^\s"]+) - - )?\[(?<time>\d\d\/[A-Z][a-z]{2}\/\d{4} \d\d:\d\d:\d\d)\] "(?<request>.*)" (?<status>\d{3}) (?<bytes>-|\d+)$/
)
