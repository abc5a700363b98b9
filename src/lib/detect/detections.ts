/** A kind of attack, told by how many hits that fit it come from one source in so many seconds. */
export interface Detection {
  readonly name: string
  readonly title: string
  /** Says what the source did, to somebody who knows web servers. */
  readonly sentence: string
  /** The number of the technique in MITRE ATT&CK. */
  readonly technique: string
  /** SQL over the columns of `hit` in `windows.sql`: which hits fit. */
  readonly test: string
  /** What is counted: hits, or different values of a column. */
  readonly counted: 'hit' | 'path' | 'request' | 'client'
  /** More than so many … */
  readonly above: number
  /** … in so many seconds. */
  readonly seconds: number
}

const isOf = (...families: string[]) => {
  const list = families.map((family) => `'${family}'`).join(', ')
  return `(path_family IN (${list}) OR query_family IN (${list}) OR agent_family IN (${list}) OR referrer_family IN (${list}))`
}
const isRefused = 'status BETWEEN 400 AND 499'

/** After the scenarios of CrowdSec (MIT): each bucket is a window here, and overflows above the same capacity. */
export const detections: readonly Detection[] = [
  {
    name: 'sensitive',
    title: 'Secret files',
    sentence: 'Requested several files that hold secrets or backups.',
    technique: 'T1595.003',
    test: `${isOf('secrets')} OR (${isOf('backup')} AND ${isRefused})`,
    counted: 'path',
    above: 4,
    seconds: 5
  },
  {
    name: 'backdoor',
    title: 'Back doors',
    sentence: 'Looked for back doors that other attackers left.',
    technique: 'T1505.003',
    test: isOf('backdoor'),
    counted: 'path',
    above: 1,
    seconds: 5
  },
  {
    name: 'traversal',
    title: 'Path traversal',
    sentence: 'Tried to read files outside the site.',
    technique: 'T1083',
    test: isOf('traversal'),
    counted: 'request',
    above: 3,
    seconds: 10
  },
  {
    name: 'sql',
    title: 'SQL injection',
    sentence: 'Sent many requests with SQL.',
    technique: 'T1190',
    test: isOf('sql', 'sql_text'),
    counted: 'request',
    above: 10,
    seconds: 1
  },
  {
    name: 'script',
    title: 'Script injection',
    sentence: 'Sent many requests with scripts.',
    technique: 'T1059.007',
    test: isOf('script', 'code_text'),
    counted: 'request',
    above: 5,
    seconds: 1
  },
  {
    name: 'weakness',
    title: 'Known vulnerabilities',
    sentence: 'Sent a request that exploits a known vulnerability or runs code.',
    technique: 'T1190',
    test: isOf('exploit', 'code', 'command', 'inclusion'),
    counted: 'hit',
    above: 0,
    seconds: 1
  },
  {
    name: 'technology',
    title: 'Software probes',
    sentence: 'Looked for software that this site doesn’t have.',
    technique: 'T1592.002',
    test: `path_family = 'product' AND ${isRefused}`,
    counted: 'hit',
    above: 0,
    seconds: 1
  },
  {
    name: 'scanner',
    title: 'Scanners',
    sentence: 'The user agent names a scanner.',
    technique: 'T1595.002',
    test: "purpose = 'scanner'",
    counted: 'hit',
    above: 1,
    seconds: 60
  },
  {
    name: 'probing',
    title: 'Probing',
    sentence: 'Requested many URLs that don’t exist.',
    technique: 'T1595.003',
    test: 'status IN (400, 403, 404) AND NOT is_asset',
    counted: 'request',
    above: 10,
    seconds: 10
  },
  {
    name: 'admin',
    title: 'Admin pages',
    sentence: 'Looked for admin pages that don’t exist.',
    technique: 'T1595.003',
    test: `${isOf('admin', 'exploit', 'product')} AND ${isRefused}`,
    counted: 'path',
    above: 2,
    seconds: 10
  },
  {
    name: 'wordpress',
    title: 'WordPress',
    sentence: 'Looked for parts of WordPress that don’t exist.',
    technique: 'T1595.002',
    test: `path_family = 'wordpress' AND ${isRefused}`,
    counted: 'path',
    above: 3,
    seconds: 10
  },
  {
    name: 'users',
    title: 'User names',
    sentence: 'Requested the user names of WordPress.',
    technique: 'T1589.003',
    test: "query_family = 'wordpress'",
    counted: 'request',
    above: 5,
    seconds: 10
  },
  {
    name: 'wordpress_login',
    title: 'WordPress logins',
    sentence: 'Tried many passwords on WordPress, which answers a wrong password with 200.',
    technique: 'T1110',
    test: "is_login AND path_family = 'wordpress' AND is_post AND status = 200",
    counted: 'hit',
    above: 5,
    seconds: 10
  },
  {
    name: 'login',
    title: 'Logins',
    sentence: 'Sent a login form many times.',
    technique: 'T1110',
    test: 'is_post AND (is_login OR status IN (401, 403))',
    counted: 'hit',
    above: 5,
    seconds: 10
  },
  {
    name: 'unauthorized',
    title: 'Failed sign-ins',
    sentence: 'Was answered 401 many times.',
    technique: 'T1110',
    test: 'status = 401',
    counted: 'hit',
    above: 5,
    seconds: 10
  },
  {
    name: 'proxy',
    title: 'Open proxy',
    sentence: 'Requested a page of another server.',
    technique: 'T1090',
    test: "is_connect OR path_family = 'proxy'",
    counted: 'hit',
    above: 0,
    seconds: 1
  },
  {
    name: 'crawl',
    title: 'Crawling',
    sentence: 'Loaded many pages in a short time without saying that it is a bot.',
    technique: 'T1595',
    test: 'NOT is_asset AND NOT is_bot AND is_read',
    counted: 'path',
    above: 40,
    seconds: 20
  },
  {
    name: 'flood',
    title: 'Flood of URLs',
    sentence: 'Requested made-up URLs that no cache holds.',
    technique: 'T1498',
    test: 'NOT is_asset AND is_read',
    counted: 'request',
    above: 30,
    seconds: 1
  },
  {
    name: 'agents',
    title: 'Changing user agents',
    sentence: 'One source changed its user agent many times.',
    technique: 'T1498',
    test: 'true',
    counted: 'client',
    above: 10,
    seconds: 8
  },
  {
    name: 'rate',
    title: 'Flood of requests',
    sentence: 'Sent more than 50 requests in a second, not counting assets.',
    technique: 'T1498',
    test: 'NOT is_asset',
    counted: 'hit',
    above: 50,
    seconds: 1
  }
]
