import { named, quotedText } from './named.ts'

/** Nginx Proxy Manager's two formats: of a proxy, with cache, upstream and `Sent-to`, and of everything else. */
export const nginxProxyManager = named(
  'nginx-proxy-manager',
  new RegExp(
    String.raw`^\[(?<time>[^\]]+)\] (?:(?<cache_status>\S+) (?<upstream_status>-|\d{3}(?: ?[,:] \d{3})*) )?(?<status>\d{3}) - ` +
      String.raw`(?<method>\S+) (?<scheme>\S+) (?<host>\S+) "(?<request_uri>${quotedText})" ` +
      String.raw`\[Client (?<remote_addr>[^\]]*)\] \[Length (?<bytes>[^\]]*)\] \[Gzip (?<gzip_ratio>[^\]]*)\]` +
      String.raw`(?: \[Sent-to (?<upstream_addr>[^\]]*)\])? "(?<user_agent>${quotedText})" "(?<referrer>${quotedText})"`
  )
)
