/** A family of requests that look for a weakness. */
export interface ProbeFamily {
  readonly name: string
  readonly title: string
  /** No reader of any site asks for it. Readers of a site that has such pages ask for the other families. */
  readonly isAttack: boolean
  /** A regular expression for a path in lower case whose escapes are resolved. */
  readonly path?: string
  /** One for a query in the same form. */
  readonly query?: string
  /** One for an agent, and for a referrer that is no address. */
  readonly header?: string
}

// The text comes from strangers. No pattern here has an unbounded repetition that can start anywhere in a text, so time
// grows with its length only: `\s{0,9}`, `.{0,60}`.
const anyOf = (...patterns: string[]) => patterns.join('|')

/** Up to three folders, then a file: a deeper path belongs to a site that shows the files of others. */
const file = (...patterns: string[]) => `^(?:/[^/]{1,64}){0,3}/(?:${anyOf(...patterns)})$`

/** Text that goes to a template, an interpreter or a loader of classes. */
const code = anyOf(
  String.raw`\$\{(?:jndi|\$\{|::|(?:lower|upper|env|sys|java|url|script|dns|base64):|#|\(|@|t\(|\d+\s?\*)|&#x0*24;&#0*123;|jndi:(?:ldaps?|rmi|dns|iiop)`,
  String.raw`#\w{1,30}\s?=\s?@|\(#\w{1,30}\s?=|@java\.lang\.|\bjava\.lang\.(?:runtime|processbuilder|system|class)|getruntime\(\)|\bognl\b|freemarker\.template`,
  String.raw`\bclass\.module\.classloader|\bclassloader[.[]`,
  String.raw`<\?\s{0,9}(?:php(?![=\w])|=|echo\s|xml\s{0,9}:)|\{/?php\}|\[/?\\?php\]`,
  String.raw`\b(?:eval|assert|system|exec|passthru|popen|chr)\([^)]|\bexec\s{0,9}(?:#|//|\(.)|['"\[(]\s?system\s?['"\])]|(?:^|=)@?\${1,4}[\w@]{1,40}(?:[[{][^\]}]{0,30}[\]}]){0,3}\s?\([^)]|\$\s{0,20}\{\s{0,20}['"$_@]`,
  String.raw`(?:shell_exec|proc_open|pcntl_exec|base64_decode|phpinfo|file_(?:put_contents|get_contents|exists)|call_user_func(?:_array)?|f(?:sock|p)?open|pfsockopen|var_dump|print_r|gz(?:inflate|decode|uncompress)|bzdecompress|str_rot13|create_function|preg_replace|array_(?:map|filter|diff)|assert_options|unserialize|posix_\w{1,30}|pg_enter_pipeline_mode|ldap_get_entries|sodium_crypto_\w{1,60}|tidy_parse_string|strip_tags|date_add|symlink|unpack|md5)\s{0,9}\(`,
  String.raw`call_user_func_array|invokefunction|allow_url_(?:include|fopen)|auto_(?:prepend|append)_file|disable_functions`,
  String.raw`\(\s?(?:system|string|sy\.|\[)[^)]{0,30}\)[^(]{0,30}\('`,
  String.raw`\b(?:php|phar|expect|glob|zlib|bzip2|ogg|rar|compress\.\w{1,9}|ssh2\.\w{1,9}):/{2}`,
  String.raw`_\$\$nd_func\$\$_|__js_function|__proto__|constructor[\])'"]{0,3}[:.[]['"]?(?:constructor|prototype)|\bmodule:prototype|\bprocess\s?[.[]\s?['"]?(?:env|binding|mainmodule|spawn|req)|\brequire\s?[[(]\s?['"]?(?:child_process|fs\b|req\.)|\brequire\.main\b|\bchild_process\b|\bnew\s{1,9}function\s?\(|\bmodule\.exports\s?=`,
  String.raw`\{\{[^{}]{0,60}[*(|[+_'"][^{}]{0,60}\}\}|<%[^=].{0,60}%>|#\{[^{}]{0,60}[.(*][^{}]{0,60}\}|\{%.{1,60}%\}|@\{\s{0,9}\[`,
  String.raw`\bo:\d{1,4}:"[a-z_\\]{1,80}":\d{1,4}:\{`
)

const traversal = anyOf(
  String.raw`(?:\.\.|\.;)[/\\;]|[/\\]\.{2,3}(?:[/\\]|$)|;\.\\|\x00`,
  String.raw`(?:^|[=/ ])etc/(?:passwd|shadow|hosts|group|sub[ug]id|sudoers|issue|[\w.-]{1,40}/[\w./-]{1,80}\.conf)\b|/?etc/(?:passwd|shadow)\b|/proc/(?:self|net|sys|version|\d{1,6})/?|\bwin\.ini\b|\bboot\.ini\b|windows[/\\]{1,9}system32`,
  String.raw`[=/]\.ssh/|/root/\.|[=/]sys/(?:class|kernel|devices)\b|\bfile:/{2}|\b(?:jar|local_file|netdoc):(?:/{2}|file:|https?:)|/@id/__x00__`
)

const headerTraversal = String.raw`\.\./\.\./|/etc/(?:passwd|shadow|[\w.-]{1,40}/[\w./-]{1,80}\.conf)\b|/proc/(?:self|net|sys)/|/root/\.`

const sqlValues = String.raw`(?:int|text|bool|jsonb?|bigint|double precision|char|varchar)\b`
const sql = anyOf(
  String.raw`\bunion\b[^\w]{1,20}(?:(?:all|distinct)\b[^\w]{1,20})?select\b|\(\s{0,9}select\b|['")]\s{1,9}(?:union|select|having|group by|order by|limit)\s|\bexcept\s{1,9}(?:select\b|values\s?\()`,
  String.raw`[;']\s{0,9}(?:insert\s{1,9}into|delete\s{1,9}from|drop\s{1,9}(?:table|database)|update\s{1,9}\w{1,60}\s{1,9}set|alter\s{1,9}table|truncate\b|declare\s{1,9}@|exec(?:ute)?\s{1,9}|shutdown\b|select\b|waitfor\b)`,
  String.raw`\bpg_sleep\b|\bwaitfor\s{1,9}delay\b|\bbenchmark\s?\(|\bsleep\s?\(|\bextractvalue\s?\(|\bupdatexml\s?\(|\bxp_\w{3,30}|\bload_file\s?\(|\binto\s{1,9}(?:out|dump)file\b|\bsqlmap\b|\bexecute\s{1,9}immediate\b|\butl_(?:http|inaddr)\b|\bdbms_\w{3,30}\.|\blo_(?:get|import|export)\s?\(|\bsqlite_master\b|\bsysobjects\b|\bpg_(?:catalog|shadow|user|read_file)\b|\bprocedure\s{1,9}analyse\b|['"]msdasql`,
  String.raw`['"\x60)]\s{0,9}(?:(?:x?or|and|like|glob|is)\b|\|\||&&)\s{0,9}(?:not\s{1,9})?['"(]{0,3}[\w@]{1,60}['")]{0,3}\s{0,9}(?:[=<>!]|like\b|between\b|is\b|in\b|glob\b|\()`,
  String.raw`(?:^|=)['"]\s{0,9}(?:x?or|and)\s{1,9}[\w('"]|(?:^|=)['"]\s{0,9}(?:glob|like)\s|(?:^|=)['"]x?or\(|(?:^|=)(?:x?or)\s{0,20}['"]?\w{1,30}['"]?\s?[<>-]|[=,]1=1\b`,
  String.raw`\b(?:or|and|xor)\s{1,9}\(?['"]?(\d{1,9})['"]?\s{0,3}=\s{0,3}['"]?\d`,
  String.raw`(?:^|=)[\w.-]{0,40}['"]\s{0,9}(?:--|#|/\*|;)|--\s?-?\s?$|/\*!\d{0,6}`,
  String.raw`\w\)?::${sqlValues}|\border\s{1,9}by\s{1,9}\d|\bhaving\s{1,9}(?:[\d\x60]|count\s?\()|@@(?:version|hostname|datadir)\b|\bchar\s?\(\d|\bcase\s{1,9}when\b.{1,60}\bthen\b|\bif\s?\(\s?\d{1,9}\s?=|(?:^|=)\)\s?like\s?\(`,
  String.raw`'[[{][^']{0,80}[\]}]'\s{0,3}(?:::|[<>@?|#-])`,
  String.raw`\[\$(?:ne|eq|gte?|lte?|regex|where|exists|n?in|n?or|and|not)\]`,
  String.raw`\b(?:starts_with|unistr|overlay|json_(?:extract|search|array|object)|jsonb_pretty|group_concat|concat_ws)\s?\(`
)

const headerSql = anyOf(
  String.raw`\bunion\b[^\w]{1,20}(?:(?:all|distinct)\b[^\w]{1,20})?select\b|\bselect\b.{1,60}\bfrom\b.{1,60}(?:--|;|\))|\bdelete\s{1,9}from\b|\bdrop\s{1,9}table\b|\b(?:pg_)?sleep\s?\(|\bwaitfor\s{1,9}delay\b|\blo_(?:get|import)\s?\(`,
  String.raw`\d['"]\s?(?:and|or)\s|\)::${sqlValues}`
)

const events = String.raw`on(?:error|load|click|focus|blur|mouse\w{2,9}|toggle|start|begin|end|finish|scroll\w{0,3}|zoom|submit|input|change|select|drag\w{0,5}|copy|paste|cut|wheel|resize|hashchange|message|unload|before\w{2,20}|after\w{2,20}|pointer\w{2,20}|animation\w{2,20}|transition\w{2,20}|touch\w{2,9}|key\w{2,9}|webkit\w{2,50}|play\w{0,9}|can\w{2,20}|show)`
const scripts = anyOf(
  String.raw`<\s{0,9}/?\s{0,9}(?:\w{1,10}:)?\s{0,9}(?:script|xss|isindex|marquee)\b|&(?:#x0*3c|#0*60|lt);script|<\?import\b|\+adw-script`,
  String.raw`<\s{0,9}(?:svg|img|iframe|object|embed|body|math|video|audio|details|meta|base|form|input|style|link|a|x|div)[\s/][^>]{0,120}(?:\bon[a-z]{3,50}\s{0,3}=|\bsrc\s{0,3}=|\bsrcdoc\s{0,3}=|\b(?:href|data)[\s/]{0,3}=|javascript:|http-equiv|data:)`,
  String.raw`["'\s/<>;]${events}\s{0,9}=|[\s"']on[a-z]{5,45}\s{0,3}=\s|["']formaction=`,
  String.raw`(?:[=:'"(\s>]|^)(?:javascript|vbscript)\s{0,9}:|\burl\s?\(\s?javascript|\bdata:text/html|-moz-binding`,
  String.raw`\b(?:alert|prompt|confirm)\s{0,3}[(\x60]\s{0,3}[\w'"/\x60.]|\bdocument\s?\.\s?(?:cookie|domain|write|location)\b|\bstring\.fromcharcode\b|\bset(?:interval|timeout)\s?\(\s?\w|\b(?:atob|btoa)\s?\(|\.(?:call|apply)\s{0,3}\x60|\bxmlns:\w{1,9}=|!entity\s`
)

/** Names that are no word of a language; then those that are, with an argument as only a shell has it. */
const commandNames = anyOf(
  String.raw`(?:wget|curl|lwp-download|chmod|chown|bash|sh|zsh|nc|ncat|netcat|uname|whoami|ls|ps|ifconfig|ipconfig|netstat|nslookup|powershell|cmd|certutil|bitsadmin|tftp|systeminfo|tasklist|printenv|busybox|crontab|aptitude|apt-get|bcdboot|id|who|env|pwd|iwr|iwmi|iex|mshta|regedit|vi)(?:\.exe)?(?:\s|$|[;|&<>)\x60/])`,
  String.raw`(?:cat|tac|echo|rm|cp|mv|dd|perl|python\d?|php|ruby|ping|dig|find|head|tail|touch|kill|sleep|dir|type|net|ssh|scp|ftp|awk|sed|base64|xxd|less|more|tar|sudo|su|time|strace|nohup)(?:\s{1,3}|<{1,3}|\$\{?ifs\}?)(?:['"]?[-/~$.<>*{|&@%\\]|\d|ifconfig|id\b|\w{1,40}\.\w)`
)
const commands = anyOf(
  String.raw`(?:[;|\n\x60]|\|\||&&|&\s|\$\(|<\(|>\(|\{)\s{0,5}['"]?(?:${commandNames})`,
  String.raw`[=\s'"(;|]/?(?:usr/)?(?:local/)?s?bin/(?:[a-z]|\[)|/bin/(?:ba|z|da|c|k)?sh(?:$|\W)|/dev/(?:tcp|udp)/|=\s?>\s?/tmp/|(?:^|[=\s])/(?:etc|usr|bin|dev|root)/\S{0,30}[\[?*]|/\?{2,3}/|;\w{1,9}\$[@!*?$_-]\w{1,9}\W|;\s{0,3}(?:\\n)?\.(?:shell|system|databases|sh|import|read)\b`,
  String.raw`\binvoke-(?:webrequest|expression|command)\b|\$\{?ifs\b|\$\((?:\(|[a-z]{2,20}[\s)])|\brm\s{1,3}-rf\b|\bnet\s{1,3}user\s|\bsleep\s{1,3}\d{1,3}\s?(?:$|[;|&)])`,
  String.raw`(?:^|[=\s;&]|\b\w)\(\)\s{0,9}\{[^}]{0,80}(?:\}\s{0,3};|[|:])|(?:^|=)\(\)\s?\{`,
  String.raw`\b(?:bash|sh|cmd|powershell)(?:\.exe)?\s{1,3}(?:/c|-c|-i|-enc)\s.{0,40}[|&;>$]|\x60{2}\s?\w|\w(?:\x60\x60|\$\(\)|[<>]\(\))\w`,
  String.raw`\bfor\s{1,20}(?:/[dlrf]\s{1,20}(?:(?:"[^"]{0,60}"|[^\s"]{1,60})\s{1,9})?){0,3}%{1,2}\S{0,12}\s{1,9}in\s{0,9}\(`,
  String.raw`\bif\s{0,9}(?:/i\s{1,9})?(?:not\s{1,9})?(?:(?:exist|defined)\s{1,9}\S{1,60}\s{1,9}(?:\(|cmd\b|echo\b|goto\b|set\b)|(?:errorlevel|cmdextversion)\s{1,9}\d)`,
  String.raw`\bif\s{1,20}(?:/i\s{1,9})?(?:not\s{1,9})?\S{1,60}\s{1,20}(?:equ|neq|lss|leq|gtr|geq)\s{1,9}\S`,
  String.raw`\bif\s{1,9}(?:/i\s{1,9})?(?:not\s{1,9})?[("[{x]{0,2}[%!][\w~:,!%-]{1,30}[)"\]}]{0,2}\s{0,3}={2}|\bif\s?/i\s{1,9}(?:not\s{1,9})?\S{1,30}={2}`,
  String.raw`!-\d!-|\$\[\d|\n(?:mail from:|rcpt to:|ehlo |a001 |retr \d|list \d|top \d|auth \w|apop )`
)

const headerCommands = String.raw`^['"]?(?:cscli|visudo|chef-(?:vault|shell|run|client)|ansible(?:-(?:console|doc|inventory|pull|vault|playbook|galaxy|config))?|set|env|perf|time|strace|nohup|id)(?:\s[\w-]|['"]?\s?$)|;\s{0,3}(?:wget|curl|chmod|rm|cp|mv|cat|perl)\s{1,3}[-/+h]|/bin/(?:ba|z|da|c)?sh\b|/dev/tcp/|(?:^|\s)\w{0,9}:?\(\)\s?\{|[;|]\x60|&&\$|^\s?;\s?(?:env|set|id|ls)$|\becho\s.{1,60};\s?wget\b`

const archives = String.raw`(?:zip|rar|7z|tar|gz|tgz|tar\.gz|bz2|tar\.bz2|tar\.xz)`

/** Text that programmers search for, too: it speaks against nobody whom the site answers. */
const sqlText = anyOf(
  String.raw`\bselect\b.{1,80}\bfrom\b|\bunion\s?select|\b(?:substr(?:ing)?|mid|upper|lower|hex|ascii|distinct|selectchar|concat|chr)\(|,null,null|\bselect[\s.](?:if|concat|char|version|\d)`,
  String.raw`\b(?:insert\s{1,9}into|delete\s{1,9}from|drop\s{1,9}(?:table|database)|update\s{1,9}\w{1,60}\s{1,9}set|alter\s{1,9}table)\b|\bdrop\s\w{1,60};|\binformation_schema\b`,
  String.raw`['"\x60]\s?(?:=|<|>)\s?['"\x60]|/\*.{0,40}\*/|\bdiv\s?\(\d|\bcurrent_user\b|\blike\s{1,3}(?:null|['"])|\b\w{1,9}\s?<=>\s?\w|\b(?:1!=1\d|11!=1)\b|(?:^|=)['\x60]\w{1,30}['\x60]$`
)
const codeText = anyOf(
  String.raw`\$\s{0,20}\{\s{0,20}['"@$\w]|\${1,4}[\w@]{1,40}(?:[[{][^\]}]{0,30}[\]}]){0,3}\s?\(|\$[a-z_]\w{0,40}\s(?://|#)|::\$\w`,
  String.raw`\$_(?:server|get|post|cookie|request|files|session|env|s ?erver)\b\s{0,3}(?:\[|=)|\bconsole\s?[.[]\s?['"]?(?:log|info|error|warn|debug)|\bc\\u006f|\bfunction\s?\(\s?\)\s?\{|=\s?while\s?\([^)]|\b(?:printf|intval|is_array|substr|serialize|touch|pi|crypt|checkdate|readfile|reflect)(?:\s|#|//|/\*){0,3}\w{0,3}\s?(?:\(|\.\w{1,9}\.call)`,
  String.raw`\b(?:alert|prompt|confirm)\s{0,3}[(\x60]|<(?:svg|img|iframe|object|embed|body|math|video|audio|details|meta|base|form|input|style|link)\b|<\?(?:\s|$)|\balias\s(?:\S{1,9}\s)?\w{1,30}=|\bdata:\s?text/`,
  String.raw`(?:^|=)(?:${commandNames})|\bif\s{1,9}(?:/i\s)?(?:not\s)?[("[\]{}\w%]{1,20}\s?={2}|\bif\s{1,9}(?:/i\s{1,9})?(?:not\s{1,9})?exist\s`,
  String.raw`(?:^|=)\w{0,9}\{[^{}"':]{0,30},[^{}"':]{0,30}\}|(?:^|=)(['"])\w{1,4}\1\w{1,9}(?:\s|$)|\x60[^\x60]{1,60}\x60|\bxlink:|=\s?!\d?$`,
  String.raw`(?:^|&)(?:cmd|exec|command|execute)=\w`
)

/**
 * Families of probes, the surest first: a text is of the first that it matches. Facts from the scenarios of CrowdSec
 * (MIT), the core rules of OWASP (Apache-2.0) and the jails of fail2ban.
 */
export const probeFamilies: readonly ProbeFamily[] = [
  {
    name: 'exploit',
    title: 'Known vulnerabilities',
    isAttack: true,
    path: anyOf(
      String.raw`/(?:boaform|hnap1|gponform|goform/|setup\.cgi|tmui/|dana-na/|dana-cached/|remote/fgt_lang|\+csco\w\+|(?:cgi-bin|icons)/\.|public/plugins/[\w-]{1,40}/\.\./|cgi-bin/(?:luci|jarrewrite|authlogin|nas_sharing)|sdk/weblanguage|evox/|nmaplowercheck|jmx-console|invoker/(?:jmx|ejb|readonly)|wls-wsat|mapi/nspi|portal/redlion|wsman$|currentsetting\.htm|device_description|odinhttpcall|muieblackcat|w00tw00t|crowdsec-test|teorema505|systembc|zgrab|shell4u|stalker_portal|getcfg\.php)`,
      String.raw`/(?:htmlawedtest|getphpinfo|mboximport|moadmin|cf_scripts/|setup/setupadministrator|json/setup-restore|createremoteappwebsession|ztp_gate|appshome\.do|api/v2/cmdb|remote_agent\.php|@vite/env|mgmt/tm/|aaa9$|aab[89]$|ab2[gh]$|vpnsvc/|helpdesk/webobjects|hoverfly|magmi/|web-inf/|_ignition/|php-cgi/php-cgi|vcav-bootstrap|unauth/|owa/auth/\w{1,20}\.js$)`,
      // A test kit that runs what one sends it, and kits of fraud, whose copies rivals and hunters look for.
      String.raw`/phpunit/(?:[\w.-]{1,20}/){0,4}eval-stdin\.php$|/vendor/phpunit/|/(?:getkefu\w{0,9}|syspara!getsyspara\.action|exchangerateuserconfig!get\.action|getguestdomain|ismustmobile)$`,
      String.raw`;/(?:web|meta)-inf|^(?:/v[\d.]{1,6})?/containers/json|\.php/(?:\.|\w{1,30}\.)?(?:js\.map|css)$`
    ),
    query: String.raw`\bs=/?index/\\?think|-d\s{1,3}allow_url_include|todo=syscmd|xdebug_session_start|^type=rau\b|action=polldata|^-s$|/cmd,/simzysh/|\bmosconfig_absolute_path=|_conf\[path\]=`
  },
  {
    name: 'code',
    title: 'Injected code',
    isAttack: true,
    path: code,
    query: code,
    header: code
  },
  {
    name: 'traversal',
    title: 'Path traversal',
    isAttack: true,
    path: traversal,
    query: traversal,
    header: headerTraversal
  },
  {
    name: 'script',
    title: 'Script injection',
    isAttack: true,
    path: scripts,
    query: scripts,
    header: scripts
  },
  {
    name: 'sql',
    title: 'SQL injection',
    isAttack: true,
    path: sql,
    query: sql,
    header: headerSql
  },
  {
    name: 'command',
    title: 'Injected commands',
    isAttack: true,
    path: commands,
    query: commands,
    header: headerCommands
  },
  {
    name: 'secrets',
    title: 'Secret files',
    isAttack: true,
    path: anyOf(
      String.raw`/\.(?!_|(?:well-known|ds_store|netlify|auth|vite|vercel|within[\w.-]{1,20}|nojekyll|imaging|resources|magnolia|rest|next|nuxt|file|hidden)(?:[/.]|$))[a-z\d][^/]{0,60}`,
      file(
        String.raw`env(?:\.(?:bak|backup|old|save|txt|prod|local|dev|example|json|php)(?:\.\w{2,5})?)?|\w{0,20}\.env(?:[.~_-]\w{0,20})?`,
        String.raw`(?:credentials|secrets?(?:-config)?|service-?account\w{0,9}|sftp-config|appsettings[\w.]{0,20}|firebase-adminsdk[\w-]{0,20})\.(?:json|ya?ml|toml|ini|txt)`,
        String.raw`(?:docker-compose[\w.-]{0,20}|database|application[\w-]{0,12}|parameters)\.(?:ya?ml|properties|conf|ini|json)|config\.properties|web\.config|dockerfile|serverless\.ya?ml`,
        String.raw`id_(?:rsa|dsa|ecdsa|ed25519)|authorized_keys|known_hosts|(?:server|private|privatekey|ssl|host)\.(?:key|pem)|\w{1,40}\.(?:tfstate|ppk|pfx|kdbx|ovpn)`,
        String.raw`[\w.-]{1,60}\.php(?:\d|s)?(?:~|\.(?:bak|old|orig|save|swp|txt|inc|backup)|_bak)|\w{0,4}\.?wp-config[\w.-]{1,30}`,
        String.raw`[\w-]{0,20}php_?info(?:\.php\d?|/)?|wp-config|trace\.axd|elmah\.axd|heapdump|error_log|laravel\.log`
      ),
      String.raw`^/(?:[\w.-]{0,20}backups?|dump|wwwroot|www|public_html|htdocs|html|db[\w-]{0,10}|database|mysql|sql|users|wordpress)\.(?:sql|${archives}|sql\.${archives})$`,
      String.raw`/index\.php/phpinfo|/_profiler/phpinfo|/actuator/(?:env|heapdump|gateway|configprops|mappings)|/storage/logs/|/wp-content/debug\.log`
    )
  },
  {
    name: 'backdoor',
    title: 'Back doors',
    isAttack: true,
    path: anyOf(
      String.raw`/(?:alfa(?:[-_]?(?:rex|shell|data|team|new|ioxi)\w{0,9})?\d{0,3}|wso\d{0,4}|c99\w{0,12}|r57\w{0,12}|b374k\w{0,9}|(?:\w{1,20}_)?x?shell\d{0,4}|webshell|cmd|indoxploit|leaf|marijuana|gel4y|xleet\w{0,9}|wp-22|0x|lock360|bypass|k3dsec|hackerz?|phpspy|sym403|symlink|priv8?|classwithtostring|autoload_classmap|ioxi\w{0,9}|worksec)\.(?:php\d?|phtml|jsp|aspx?)$`,
      String.raw`/(?:wp-includes(?!/js/tinymce|/ms-files)|wp-content/uploads|wp-admin/(?:css|js|images|includes)|\.well-known)/[\w./-]{0,160}\.php\d?$`,
      String.raw`/(?:alfacgiapi|alfa_data|cgialfa|sallu)\b`
    )
  },
  {
    name: 'inclusion',
    title: 'Remote files',
    isAttack: true,
    query: String.raw`=\s?(?:https?|ftps?):/{2}[^\s&]{1,200}\?{1,3}$|=(?:https?|ftps?|file)\?$|=\s?(?:https?|ftp):/{2}\d{1,3}(?:\.\d{1,3}){3}[^\s&]{0,100}\.(?:txt|php|sh|gif)\b|=\w{2,9}:/{2}\[?[\da-f:]{0,30}::?[\da-f:.%]{0,40}|=https?:/{2}[^\s&/]{1,60}@\d{1,3}\.\d|=https?:/{2}(?:169\.\d{1,3}(?:/|$|\d{4})|169。|169\.254\.\d{4}|0x\w|0\d{3,30}|\d{8,12}(?:/|$)|\\)|=https?:/{2}[^\s&/]{1,60}\s[^\s&/]{0,60}@|=(?:gopher|dict|ldaps?|rmi|acap|imap|irc|pop3|ssh|rtmp|tftp|xri|rsync):/{2}`
  },
  {
    name: 'forged',
    title: 'Requests to other servers',
    isAttack: false,
    query: String.raw`=\s?(?:https?:/{0,2})?(?:localhost\d?(?:\.localdomain\d?)?|ip6-l\w{1,9}|ipv6-localhost|(?:host|gateway|kubernetes)\.docker\.internal|host\.containers\.internal|kubernetes\.default\.svc|localtest\.me|lvh\.me|127\.\d|\[?::)|169\.254\.169\.254|=https?:/{2}metadata\.google|=https?:(?:[^/]|/[^/])|=ftps?:/{2}|=https?:/{2}[^\s&]{1,100}[:@]\w{1,20}@?[^\s&]{0,60}/$|=https?:/{2}[\w.-]{1,60}\.(?:com|org|net|bar)/?$`
  },
  {
    name: 'proxy',
    title: 'Open proxy',
    isAttack: false,
    path: String.raw`^(?:https?|ftp):/{2}|^[\w.-]{1,255}:\d{1,5}$`
  },
  { name: 'sql_text', title: 'SQL in text', isAttack: false, query: sqlText },
  { name: 'code_text', title: 'Code in text', isAttack: false, query: codeText },
  {
    name: 'backup',
    title: 'Backups and settings',
    isAttack: false,
    path: anyOf(
      String.raw`\.(?:sql|bak|old|backup|swp|sqlite3?|mdb|dump|pem|p12|rdp|key|log)(?:\.${archives})?$|~$|/\.(?!well-known)`,
      String.raw`/(?:backups?|dump|site|www|wwwroot|html|htdocs|web|website|public_html|old|new|test|db|data|database|code|src|source|archive|latest|full|bak|back|upload|files|1|a)\.${archives}$`,
      String.raw`/(?:config|configuration|settings|database|db|local|parameters|wp-config|package|package-lock|composer|gemfile|requirements)\.(?:json|ya?ml|toml|ini|inc|conf|cfg|lock|txt|xml|php)$`
    )
  },
  {
    name: 'product',
    title: 'Software probes',
    isAttack: false,
    path: anyOf(
      String.raw`/(?:cgi-bin(?:/|$)|cfide/|_all_dbs$|@fs/|_debugbar|info\.php$|test\.php$|pi\.php$|i\.php$|telerik\.web\.ui|meta-inf/|geoserver|solr/|jenkins|hudson|nacos|druid/|actuator|manager/(?:html|text)|web-console|console/login|ecp/|owa/|autodiscover/|ews/|rpc/|onvif|ui/login|sdk(?:/|$)|struts|axis2|sap/(?:bc|public|hana)|sitecore|umbraco|typo3|bitrix|magento_version|fckeditor|kcfinder|ckfinder|elfinder|ghost/api/admin|remote/log\w+|sslvpn|ssl-vpn|global-protect|webfig|dns-query$|graphi?ql|swagger[\w./-]*|api-docs|openapi\.json|v\d\.?\d*/(?:statement|containers|api-docs)|_cat/|_search$|_nodes|_cluster|server-status|telescope|debug/|zabbix|nagios|cacti|grafana|kibana|prometheus|metrics$|portainer|gitlab|gitea|confluence|jira|owncloud|nextcloud|vendor/(?:autoload|composer/))`,
      String.raw`\.(?:action|asp|aspx|jsp|do|cgi|cfm|jspx|axd)$`
    )
  },
  {
    name: 'wordpress',
    title: 'WordPress',
    isAttack: false,
    path: String.raw`/(?:wp-(?:login|admin|includes|content|json|cron|signup|trackback|config-sample|load|mail|settings)|xmlrpc\.php|wlwmanifest\.xml|wordpress(?:/|$)|wp(?:/|$)|blog/wp-|readme\.html$|license\.txt$)`,
    query: String.raw`rest_route=/wp/v2/users|^author=\d{1,9}$`
  },
  {
    name: 'admin',
    title: 'Admin pages',
    isAttack: false,
    path: String.raw`/(?:phpmyadmin|pma|myadmin|mysqladmin|sqladmin|dbadmin|adminer[\w.-]{0,20}|tinyfilemanager|administrator(?:/|$)|admin(?:/|$|\.php|\d)|admin-?(?:panel|console|login|area|cp)|cpanel|whm|webmail|roundcube|squirrelmail|plesk|manager(?:/|$)|backend/|user/login|wp/|joomla|drupal|magento|typo3|login\.php|cms/|panel(?:/|$)|dashboard/|pgadmin|mysql|sql/)`
  }
]

export type ProbedField = 'path' | 'query' | 'user_agent' | 'referrer'

const texts = { path: 'path', query: 'query', user_agent: 'header', referrer: 'header' } as const
export const probedFields = Object.keys(texts) as ProbedField[]

const patterns = new Map(
  (['path', 'query', 'header'] as const).map(
    (text) =>
      [
        text,
        probeFamilies.flatMap(({ name, ...family }) =>
          family[text] === undefined ? [] : [{ name, pattern: new RegExp(family[text]) }]
        )
      ] as const
  )
)

/** Changes with the families: the working copy stores with each text the family that it is of. */
export const probesVersion: string = [...patterns]
  .flatMap(([text, families]) => families.map(({ name, pattern }) => `${text} ${name} ${pattern.source}`))
  .join('\n')

/** An address is what the page before asked for. Only a marked text in it was sent on purpose. */
const isAddress = (text: string) => /^https?:\/\//i.test(text) && !text.includes('${')

/** The family of probes that a text is of, or null. */
export function familyOf(field: ProbedField, text: string): string | null {
  if (field === 'referrer' && isAddress(text)) return null
  const plain = unescaped(field === 'query' ? text.replaceAll('+', ' ') : text).toLowerCase()
  const shown = plain.replace(/\/\*(?!!)[^*]{0,60}\*\//g, ' ')
  return patterns.get(texts[field])!.find(({ pattern }) => pattern.test(shown))?.name ?? null
}

/** Nested deeper than this, escapes are no server's business. */
const mostNested = 3

/** Resolves the escapes of ASCII, and the long forms of `.` and `/`; escapes of other bytes stay. */
function unescaped(text: string): string {
  for (let i = 0; i < mostNested && text.includes('%'); i++)
    text = text
      .replace(/%c0%a([ef])/gi, (_, digit: string) => (digit === 'e' || digit === 'E' ? '.' : '/'))
      .replace(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
  return text
}
