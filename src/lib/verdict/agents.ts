/** RE2: agents of browsers that are no longer made. */
export const ancient = String.raw`MSIE \d|Trident/|^Opera/\d|Presto/|; U; |Windows (?:9|CE|NT [45])`

/** RE2: agents that no browser has ever sent. */
export const impossible = [
  String.raw`^Mozilla/\d\.\d$`,
  String.raw`^['"]`,
  String.raw`\(KHTML(?:, like)?$`,
  String.raw`Safari/537\.3$`,
  String.raw`Mac OS X [0-9][_.)]`,
  String.raw`Windows NT (?:[789]|1[1-9])\.`,
  String.raw`AppleWebKit/5(?:[0-2]\d|[89]\d)\.\d.*Chrome/\d`
].join('|')

/** RE2: companies that rent servers out, by the names of their networks. */
export const hosting = [
  '(?i)amazon|aws|google cloud|google-cloud|microsoft|azure|digital ?ocean|ovh|hetzner|linode|vultr|choopa|contabo',
  'alibaba|aliyun|tencent|oracle|leaseweb|scaleway|m247|host|server|cloud|data ?cent(?:er|re)|vps|colo|ionos|godaddy',
  'dreamhost|rackspace|upcloud|kamatera|censys|akamai connected'
].join('|')
