/** A family of requests that look for a weakness. */
export interface ProbeFamily {
  readonly name: string
  readonly title: string
  /** No reader of any site asks for it; otherwise readers of a site that has such pages do. */
  readonly isAttack: boolean
  /** A regular expression, for a path in small letters whose escapes are resolved, as often as they are nested. */
  readonly path?: string
  /** One for a query in the same form. */
  readonly query?: string
}

const anyOf = (...patterns: string[]) => patterns.join('|')

/** Programs and words that an injected command begins with. */
const commands = anyOf(
  String.raw`(?:^|[;|&\x60\n=($]|\|\|)\s*(?:wget|curl|chmod|bash|sh|nc|ncat|id|uname|whoami|cat|ls|ping|nslookup|powershell|cmd)(?:\s|\.exe|$|[;|&)])`,
  String.raw`/bin/(?:ba|z|da|c)?sh\b`,
  String.raw`\binvoke-(?:webrequest|expression|command)\b`,
  String.raw`\$\((?:[a-z]+\b|\()`,
  String.raw`\b(?:rm\s+-rf|sleep\s+\d|ifconfig\b|net\s+user\b)`,
  String.raw`\(\)\s*\{[^}]*\}\s*;`
)

const sql = anyOf(
  String.raw`\bunion\b.{0,40}\bselect\b`,
  String.raw`\bselect\b.{1,80}\bfrom\b`,
  String.raw`\b(?:insert\s+into|delete\s+from|drop\s+(?:table|database)|update\s+\w+\s+set|alter\s+table)\b`,
  String.raw`\binformation_schema\b|\bpg_sleep\b|\bwaitfor\s+delay\b|\bbenchmark\s*\(|\bsleep\s*\(|\bextractvalue\s*\(|\bupdatexml\s*\(|\bxp_cmdshell\b|\bload_file\s*\(|\bgroup_concat\s*\(|\bsqlmap\b`,
  String.raw`['"\x60)]\s*(?:or|and|xor|\|\||&&)\s*(?:not\s+)?['"(]?\w+['"]?\s*(?:=|<|>|like\b|between\b|is\b)`,
  String.raw`\b(?:or|and)\s+\(?\d+\s*=\s*\d+`,
  String.raw`['"]\s*(?:--|#|/\*|;)`,
  String.raw`/\*!?\d*.{0,20}\*/|\border\s+by\s+\d+|\bhaving\s+\d+\s*=|@@version\b|\bchar\s*\(\d+`
)

const scripts = anyOf(
  String.raw`<\s*/?\s*(?:script|svg|img|iframe|object|embed|body|math|video|audio|details|marquee|isindex|xss|meta|base|form|input|style|link)\b`,
  String.raw`\bjavascript\s*:|\bvbscript\s*:|data:text/html`,
  String.raw`\bon(?:error|load|click|focus|mouse\w+|toggle|start|begin|pointer\w+|animation\w+|key\w+)\s*=`,
  String.raw`\b(?:alert|prompt|confirm)\s*[(\x60]`,
  String.raw`\bdocument\s*\.\s*(?:cookie|domain|write|location)\b|\bstring\.fromcharcode\b`
)

const traversal = anyOf(
  String.raw`(?:\.\.|\.;)[/\\]`,
  String.raw`[/\\]\.\.(?:[/\\]|$)`,
  String.raw`/?etc/(?:passwd|shadow|hosts|group)\b|/proc/self/|\bwin\.ini\b|\bboot\.ini\b|windows[/\\]+system32`,
  String.raw`\bfile:/{2}|\bphp://(?:filter|input)|\b(?:expect|phar|zip|glob)://`
)

/** Marks of code that a server would run: templates, objects, calls of PHP and JavaScript. */
const code = anyOf(
  String.raw`\$\{(?:jndi|\$\{|::|lower:|upper:|env:|url:|script:|dns:|#|\(|@)`,
  String.raw`#\w+\s*=\s*@|@java\.lang\.|\bjava\.lang\.(?:runtime|processbuilder)|getruntime\(\)|\bognl\b`,
  String.raw`class\.module\.classloader|\bclassloader\b`,
  String.raw`<\?(?:php\b|=|\s)|\[/?\\?php\]`,
  String.raw`\b(?:eval|assert|system|exec|shell_exec|passthru|popen|proc_open|base64_decode|phpinfo|file_put_contents|file_get_contents|call_user_func(?:_array)?|md5|print_r|var_dump|gzinflate|create_function|preg_replace)\s*\(`,
  String.raw`call_user_func_array|invokefunction|allow_url_include|auto_prepend_file|\bphpinfo\b`,
  String.raw`_\$\$nd_func\$\$_|__proto__|constructor\s*[.[]\s*prototype|constructor\]\[prototype|process\s*\.\s*(?:env|binding|mainmodule)|require\s*\(\s*['"]?child_process`,
  String.raw`\{\{.{0,40}[*.(].{0,40}\}\}|<%=|#\{.{1,40}\}`,
  String.raw`\bo:\d+:"[a-z_\\]+":\d+:\{`
)

const elsewhere = String.raw`^(?:https?|ftp)://\d{1,3}(?:\.\d{1,3}){3}`

/**
 * Families of probes, the surest first: a hit is of the first that it matches. Facts from the scenarios of CrowdSec
 * (MIT), the core rules of OWASP (Apache-2.0) and the jails of fail2ban.
 */
export const probeFamilies: readonly ProbeFamily[] = [
  { name: 'code', title: 'Injected code', isAttack: true, path: code, query: code },
  {
    name: 'traversal',
    title: 'Path traversal',
    isAttack: true,
    path: traversal,
    query: traversal
  },
  { name: 'sql', title: 'SQL injection', isAttack: true, path: sql, query: sql },
  { name: 'script', title: 'Script injection', isAttack: true, path: scripts, query: scripts },
  {
    name: 'command',
    title: 'Injected commands',
    isAttack: true,
    path: commands,
    query: anyOf(commands, String.raw`(?:^|&)(?:cmd|exec|command|execute)=`)
  },
  {
    name: 'secrets',
    title: 'Secrets and backups',
    isAttack: true,
    path: anyOf(
      String.raw`/\.(?:[^w./]|w[^e]|we[^l]|wel[^l]|well[^-])`,
      String.raw`\benv\.(?:bak|old|save|txt|prod|local|dev|example)\b|/env$|/\w*\.env(?:\W|$)`,
      String.raw`/(?:id_rsa|id_dsa|id_ed25519|authorized_keys|known_hosts|credentials|secrets?|service-?account|firebase-adminsdk|docker-compose|dockerfile|composer|package-lock|yarn|gemfile|requirements|sftp-config|web\.config|appsettings|application|database|db|settings|parameters|local|config|configuration|wp-config)\b[\w.-]*\.(?:json|ya?ml|toml|ini|conf|cfg|properties|php(?:\.\w+|~)|bak|old|save|sql|swp|inc|lock|key|pem)$`,
      String.raw`/(?:id_rsa|id_dsa|id_ed25519|server\.key|private\.key|privatekey\.key)`,
      String.raw`\.(?:sql|bak|old|backup|swp|sqlite3?|mdb|dump|tfstate|pem|ppk|pfx|p12|kdbx|ovpn|rdp)(?:\.(?:gz|zip|bz2|xz|tar|7z|rar))?$`,
      String.raw`/(?:backups?|dump|site|www|wwwroot|html|htdocs|web|website|public_html|old|new|test|db|data|database|sql|code|src|source|archive|latest|full|bak|back|upload|files|1|a)\.(?:zip|rar|7z|tar|gz|tgz|tar\.gz|bz2|tar\.bz2)$`,
      String.raw`/(?:php_?info|info|pi)\.php\d?$|/_profiler/phpinfo|/debug/(?:pprof|default/view)`,
      String.raw`/(?:actuator/(?:env|heapdump|gateway)|env\.json|trace\.axd|elmah\.axd|heapdump|telescope/requests|_ignition|_debugbar|wp-config|wp-content/debug\.log|error_log$|debug\.log$|laravel\.log$|storage/logs)`
    )
  },
  {
    name: 'backdoor',
    title: 'Back doors',
    isAttack: true,
    path: anyOf(
      String.raw`/(?:eval-stdin|alfa[\w-]*|wso\w*|c99\w*|r57\w*|b374k\w*|shell\w*|webshell|cmd|indoxploit|leaf|marijuana|gel4y|adminer-?[\d.]*|xleet\w*|wp-22|0x|lock360|bypass|k3dsec|hackerz?|phpspy|worse_linux_shell|sym403|symlink|priv8?|classwithtostring|autoload_classmap|ioxi\w*|worksec|tinyfilemanager)\.(?:php\d?|phtml|jsp|aspx?)$`,
      String.raw`/(?:wp-includes|wp-content/(?:uploads|plugins|themes)|wp-admin/(?:css|js|images|includes|maint|network|user))/[\w./-]*\.php\d?$`,
      String.raw`/\.well-known/[\w./-]*\.php\d?$|/(?:alfacgiapi|alfa_data|cgialfa|sallu)\b|/vendor/phpunit/|/phpunit/`
    )
  },
  {
    name: 'exploit',
    title: 'Known weaknesses',
    isAttack: true,
    path: anyOf(
      String.raw`/(?:boaform|hnap1|gponform|goform|setup\.cgi|tmui/|dana-na/|dana-cached/|remote/fgt_lang|\+csco\w\+|cgi-bin/(?:luci|\.|jarrewrite|authlogin|nas_sharing|.*\.(?:sh|pl)$)|sdk/weblanguage|evox/|nmaplowercheck|jmx-console|invoker/|wls-wsat|mapi/nspi|portal/redlion|wsman$|currentsetting\.htm|device_description|odinhttpcall|muieblackcat|w00tw00t|crowdsec-test|teorema505|systembc|zgrab|shell4u|stalker_portal|getcfg\.php)`,
      String.raw`/(?:telerik\.web\.ui|htmlawedtest|getphpinfo|mboximport|moadmin|cfide/|cf_scripts/|setup/setupadministrator|json/setup-restore|createremoteappwebsession|ztp_gate|appshome\.do|api/v2/cmdb|remote_agent\.php|@fs/|@vite/env|mgmt/tm|aaa9$|aab[89]$|ab2[gh]$|vpnsvc/|helpdesk/webobjects|hoverfly|magmi|containers/json|_all_dbs|web-inf/|meta-inf/)`
    ),
    query: String.raw`s=/?index/\\?think|-d\s+allow_url_include|todo=syscmd|next_file=|xdebug_session_start`
  },
  {
    name: 'inclusion',
    title: 'Remote files',
    isAttack: true,
    query: String.raw`=\s*(?:${elsewhere.slice(1)}|(?:https?|ftp)://\S+\.(?:txt|php|gif|jpe?g|sh)\?*(?:&|$)|(?:https?|ftp)://(?:localhost|metadata|\[))|169\.254\.169\.254|=(?:gopher|dict|ldap|ldaps|rmi|jar)://`
  },
  {
    name: 'proxy',
    title: 'Open proxy',
    isAttack: true,
    path: String.raw`^(?:https?|ftp)://|^[\w.-]+:\d+$`
  },
  {
    name: 'product',
    title: 'Products looked for',
    isAttack: false,
    path: anyOf(
      String.raw`/(?:cgi-bin/|geoserver|solr/|jenkins|hudson|nacos|druid/|actuator|manager/(?:html|text)|web-console|console/login|ecp/|owa/|autodiscover/|ews/|rpc/|onvif|ui/login|sdk(?:/|$)|struts|axis2|sap/(?:bc|public|hana)|sitecore|umbraco|typo3|bitrix|magento_version|fckeditor|kcfinder|ckfinder|elfinder|ghost/api/admin|remote/log\w+|sslvpn|ssl-vpn|global-protect|webfig|dns-query$|graphi?ql|swagger[\w./-]*|api-docs|openapi\.json|v\d\.?\d*/(?:statement|containers|api-docs)|_cat/|_search$|_nodes|_cluster|server-status|telescope|debug/|zabbix|nagios|cacti|grafana|kibana|prometheus|metrics$|portainer|gitlab|gitea|confluence|jira|owncloud|nextcloud|vendor/)`,
      String.raw`\.action$|\w+\.(?:asp|aspx|jsp|do|cgi|cfm|jspx|axd)$`
    ),
    query: String.raw`rest_route=/wp/v2/users|^author=\d+$`
  },
  {
    name: 'wordpress',
    title: 'WordPress',
    isAttack: false,
    path: String.raw`/(?:wp-(?:login|admin|includes|content|json|cron|signup|trackback|config-sample|load|mail|settings)|xmlrpc\.php|wlwmanifest\.xml|wordpress(?:/|$)|wp(?:/|$)|blog/wp-|readme\.html$|license\.txt$)`
  },
  {
    name: 'admin',
    title: 'Administration',
    isAttack: false,
    path: String.raw`/(?:phpmyadmin|pma|myadmin|mysqladmin|sqladmin|dbadmin|adminer|administrator(?:/|$)|admin(?:/|$|\.php|\d)|admin-?(?:panel|console|login|area|cp)|cpanel|whm|webmail|roundcube|squirrelmail|plesk|manager(?:/|$)|backend/|user/login|wp/|joomla|drupal|magento|typo3|login\.php|cms/|panel(?:/|$)|dashboard/|dbadmin|pgadmin|mysql|sql/)`
  }
]

type Field = 'path' | 'query'

const compiled = (['path', 'query'] as const).map(
  (field) =>
    [
      field,
      probeFamilies.flatMap(({ name, ...family }) =>
        family[field] === undefined ? [] : [{ name, pattern: new RegExp(family[field]) }]
      )
    ] as const
)
const patterns = new Map<Field, readonly { name: string; pattern: RegExp }[]>(compiled)

/** Changes with the families: the working copy stores with each text the family that it is of. */
export const probesVersion: string = compiled
  .flatMap(([field, families]) => families.map(({ name, pattern }) => `${field} ${name} ${pattern.source}`))
  .join('\n')

/** The family of probes that a path or a query is of, or null. */
export function familyOf(field: Field, text: string): string | null {
  const plain = unescaped(unescaped(field === 'query' ? text.replaceAll('+', ' ') : text)).toLowerCase()
  return patterns.get(field)!.find(({ pattern }) => pattern.test(plain))?.name ?? null
}

/** Resolves the escapes of ASCII; those of other bytes stay. */
const unescaped = (text: string) =>
  text.includes('%')
    ? text.replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text
