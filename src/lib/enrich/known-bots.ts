import { aiBots } from './ai-bots.ts'

/** What bots are for. A bot may be for several. */
export const purposes = [
  'search',
  'ai_search',
  'ai_training',
  'ai_user',
  'preview',
  'seo',
  'ads',
  'monitor',
  'feed',
  'archive',
  'security',
  'scanner',
  'library',
  'other'
] as const

/**
 * Purposes, joined by ", ", the main one first · operator · what the agents of its bots contain, in any case;
 * `text = Name` where another name is shown.
 */
export type BotRow = readonly [purpose: string, operator: string, tokens: string]

/**
 * Bots that say who they are. Facts from the lists of well-known-bots, ai.robots.txt and crawler-user-agents (all MIT) and from
 * the operators' own pages.
 */
export const knownBots: readonly BotRow[] = [
  // These three say that what they fetch for search may also train models, unless a page or robots.txt objects.
  [
    'search, ai_training',
    'Google',
    'Googlebot-Image, Googlebot-News, Googlebot-Video, Googlebot-Mobile = Googlebot, Googlebot'
  ],
  ['search, ai_training', 'Microsoft', 'bingbot = Bingbot'],
  ['search, ai_training', 'Apple', 'Applebot'],
  [
    'search',
    'Google',
    'Google-InspectionTool, Storebot-Google, APIs-Google, Google-Site-Verification, Google-Structured-Data-Testing-Tool, Google Favicon, Google-Read-Aloud, GoogleProducer, DuplexWeb-Google'
  ],
  ['search', 'Microsoft', 'msnbot, MicrosoftPreview'],
  [
    'search',
    'Yandex',
    'YandexBot, YandexImages, YandexMobileBot, YandexAccessibilityBot, YandexRenderResourcesBot, YandexFavicons, YandexMetrika, YandexWebmaster, YandexVideo, YandexMedia, YandexBlogs, YandexNews, YandexDirect, YandexMarket, YandexPagechecker, yandex.com/bots = YandexBot'
  ],
  ['search', 'Baidu', 'Baiduspider, Baidu-YunGuanCe'],
  ['search', 'DuckDuckGo', 'DuckDuckBot, DuckDuckGo-Favicons-Bot'],
  ['search', 'Yahoo', 'Yahoo! Slurp = Slurp, Slurp, Y!J = Yahoo Japan'],
  ['search', 'Seznam', 'SeznamBot, SeznamHomepageCrawler'],
  [
    'search',
    'Sogou',
    'Sogou web spider = Sogou, Sogou News Spider = Sogou, Sogou Pic Spider = Sogou, Sogou inst spider = Sogou, Sogou web = Sogou, Sogou-Test-Spider = Sogou'
  ],
  ['search', 'Qwant', 'Qwantify = Qwantbot, Qwantbot'],
  ['search, ai_search', 'Brave', 'Bravebot'],
  ['search', 'Mojeek', 'MojeekBot'],
  ['search, ai_search', 'Huawei', 'PetalBot, AspiegelBot'],
  ['search', 'Naver', 'Naver.me/spd = Yeti, Yeti/ = Yeti, NaverBot'],
  [
    'search',
    'Cốc Cốc',
    'coccocbot-web = coccocbot, coccocbot-image = coccocbot, coccocbot, coccoc/ = coccocbot'
  ],
  ['search', 'Mail.ru', 'Mail.RU_Bot'],
  ['search', 'Qihoo 360', '360Spider, HaoSouSpider'],
  ['search', 'Shenma', 'YisouSpider'],
  ['search', 'ByteDance', 'ToutiaoSpider'],
  ['search', 'Kakao', 'Daum/ = Daum, daumoa'],
  ['search', 'NTT Resonant', 'ichiro'],
  ['search', 'Kagi', 'Kagibot'],
  ['search', 'Marginalia', 'search.marginalia.nu'],
  ['search', 'YaCy', 'yacybot'],
  ['search', 'Stract', 'StractBot'],
  ['search', 'SISTRIX', 'Seekport Crawler = Seekport, SeekportBot = Seekport'],
  ['search', 'Algolia', 'Algolia Crawler'],
  ['search, ai_search', 'Exalead', 'Exabot'],
  ['search', 'Amazon', 'AmazonProductDiscovery'],
  ['search, ai_search', 'Amazon', 'Amazon-Kendra, KendraBot'],
  ['search', 'Indeed', 'IndeedBot, IndeedJobBot'],

  ...aiBots,

  [
    'preview',
    'Meta',
    'facebookexternalhit, meta-externalhit, Facebot, facebookcatalog, WhatsApp/2 = WhatsApp'
  ],
  ['preview', 'X', 'Twitterbot'],
  ['preview', 'LinkedIn', 'LinkedInBot'],
  ['preview', 'Slack', 'Slackbot-LinkExpanding = Slackbot, Slackbot, Slack-ImgProxy'],
  ['preview', 'Discord', 'Discordbot'],
  ['preview', 'Telegram', 'TelegramBot'],
  ['preview', 'Microsoft', 'SkypeUriPreview, BingPreview'],
  ['preview', 'Pinterest', 'Pinterestbot, pinterest.com/bot = Pinterestbot, Pinterest/0. = Pinterestbot'],
  ['preview', 'Reddit', 'redditbot'],
  ['preview', 'Mastodon', 'Mastodon/ = Mastodon, http.rb/ = Mastodon'],
  [
    'preview',
    'Fediverse',
    'Pleroma, Akkoma, Misskey, Friendica, Lemmy/ = Lemmy, gotosocial, SummalyBot, Synapse, PeerTube'
  ],
  ['preview', 'Bluesky', 'Bluesky Cardyb, BlueskyPreviewBot, Bluesky/ = Bluesky'],
  ['preview', 'Snap', 'Snap URL Preview, SnapURLPreview'],
  ['preview', 'VK', 'vkShare, VKRobot'],
  ['preview', 'Tumblr', 'Tumblr/ = Tumblr'],
  ['preview', 'Embedly', 'Embedly'],
  ['preview', 'Miniature.io', 'Miniature.io'],
  ['preview', 'PrintFriendly', 'PrintFriendly'],
  ['preview', 'Seznam', 'Seznam screenshot-generator'],
  ['preview', 'Iframely', 'Iframely'],
  ['preview', 'Flipboard', 'FlipboardProxy'],
  [
    'preview',
    'Google',
    'Google Web Preview, GoogleImageProxy, Google-PageRenderer, Google-Safety, Chrome Privacy Preserving Prefetch Proxy'
  ],
  ['preview', 'GitHub', 'github-camo'],
  ['preview', 'Notion', 'NotionEmbedder'],
  ['preview', 'OK', 'OdklBot'],
  ['preview', 'Valve', 'Valve/Steam'],
  ['preview', 'Mattermost', 'Mattermost-Bot'],

  ['seo', 'Ahrefs', 'AhrefsBot, AhrefsSiteAudit'],
  [
    'seo',
    'Semrush',
    'SemrushBot-SI = SemrushBot, SemrushBot-SA = SemrushBot, SemrushBot-BA = SemrushBot, SemrushBot, SiteAuditBot, SplitSignalBot'
  ],
  ['seo, ai_user', 'Semrush', 'SemrushBot-OCOB, SemrushBot-SWA'],
  ['seo', 'Majestic', 'MJ12bot'],
  ['seo', 'Moz', 'DotBot, rogerbot'],
  ['seo', 'DataForSEO', 'DataForSeoBot'],
  ['seo', 'WebMeUp', 'BLEXBot'],
  ['seo', 'Babbar', 'Barkrowler'],
  ['seo', 'Serpstat', 'serpstatbot'],
  ['seo', 'SISTRIX', 'SISTRIX, 007ac9 Crawler'],
  ['seo', 'Screaming Frog', 'Screaming Frog SEO Spider'],
  ['seo', 'SEOkicks', 'SEOkicks'],
  ['seo', 'MegaIndex', 'MegaIndex'],
  ['seo', 'Lumar', 'DeepCrawl, Lumar/ = Lumar'],
  ['seo', 'Botify', 'botify'],
  ['seo', 'OnCrawl', 'OnCrawl'],
  ['seo', 'Conductor', 'contentkingapp'],
  ['seo', 'seoClarity', 'ClarityBot'],
  ['seo', 'linkdex', 'linkdex'],
  ['seo', 'SE Ranking', 'SERankingBacklinksBot, SEBot-WA'],
  ['seo', 'Seobility', 'SeobilityBot'],
  ['seo', 'Sitebulb', 'sitebulb'],
  ['seo', 'XoviBot', 'XoviBot, XoviOnpageCrawler'],
  ['seo, ai_training', 'Awario', 'AwarioBot, AwarioSmartBot, AwarioRssBot, Awario'],
  ['seo', 'netEstate', 'netEstate NE Crawler'],
  ['seo, ai_training', 'netEstate', 'netEstate Imprint Crawler'],
  ['seo', 'Meltwater', 'MeltwaterNews, magpie-crawler'],
  ['seo', 'Dataprovider', 'Dataprovider.com'],
  ['seo', 'ZoomInfo', 'ZoominfoBot'],
  ['seo', 'Trendiction', 'trendictionbot'],
  ['seo', 'BuiltWith', 'BW/ = BuiltWith'],
  ['seo', 'TinEye', 'TinEye'],

  [
    'ads',
    'Google',
    'AdsBot-Google-Mobile = AdsBot-Google, AdsBot-Google, Mediapartners-Google, Google-AdWords, Google-Ads'
  ],
  ['ads', 'Criteo', 'CriteoBot'],
  ['ads', 'Amazon', 'AmazonAdBot'],
  ['ads', 'Microsoft', 'adidxbot'],
  ['ads', 'OpenAI', 'OAI-AdsBot'],
  ['ads', 'Meta', 'meta-externalads'],
  ['ads', 'comScore', 'proximic'],
  ['ads', 'Oracle', 'GrapeshotCrawler'],
  ['ads', 'Integral Ad Science', 'IAS crawler, ias-ie, ias-va, ias-or, ias-jp, ias-sg'],
  ['ads', 'Peer39', 'peer39_crawler'],
  ['ads', 'Taboola', 'Taboolabot'],
  ['ads', 'Outbrain', 'outbrain'],
  ['ads', 'IAB', 'AdsTxtCrawler, AdsBot-IAB'],

  ['monitor', 'UptimeRobot', 'UptimeRobot'],
  [
    'monitor',
    'SolarWinds',
    'Pingdom.com_bot = Pingdom, PingdomTMS = Pingdom, PingdomPageSpeed = Pingdom, Pingdom'
  ],
  ['monitor', 'Better Stack', 'Better Uptime Bot, BetterUptimeBot = Better Uptime Bot'],
  ['monitor', 'StatusCake', 'StatusCake'],
  ['monitor', 'Uptime Kuma', 'Uptime-Kuma'],
  ['monitor', 'Uptime.com', 'Uptimebot, UptimeBot/ = Uptimebot, www.uptime.com = Uptimebot'],
  ['monitor', 'Site24x7', 'Site24x7, HLB/ = Site24x7'],
  ['monitor', 'Datadog', 'DatadogSynthetics, Datadog Agent, Datadog/Synthetics = DatadogSynthetics'],
  ['monitor', 'New Relic', 'NewRelicSynthetics, NewRelicPinger, NewRelicbot'],
  [
    'monitor',
    'Google',
    'GoogleStackdriverMonitoring, GoogleHC, Chrome-Lighthouse = Lighthouse, Google-PageSpeed, Google Page Speed Insights'
  ],
  [
    'monitor',
    'Amazon',
    'Amazon-Route53-Health-Check, Amazon Route 53 Health Check, ELB-HealthChecker, CloudWatchSynthetics'
  ],
  [
    'monitor',
    'Cloudflare',
    'Cloudflare-Healthchecks, Cloudflare-Traffic-Manager, Cloudflare-SSLDetector, CloudFlare-AlwaysOnline, Cloudflare-Custom-Hostname-Verification'
  ],
  ['monitor', 'Kubernetes', 'kube-probe'],
  ['monitor', 'Prometheus', 'Blackbox Exporter, Blackbox-Exporter, Prometheus/ = Prometheus'],
  ['monitor', 'Zabbix', 'Zabbix'],
  ['monitor', 'Nagios', 'check_http'],
  ['monitor', 'HetrixTools', 'HetrixTools'],
  ['monitor', 'Freshworks', 'FreshpingBot'],
  ['monitor', 'GTmetrix', 'GTmetrix'],
  ['monitor', 'WebPageTest', 'PTST/ = WebPageTest'],
  ['monitor', 'Catchpoint', 'Catchpoint'],
  ['monitor', 'DebugBear', 'DebugBear'],
  ['monitor', 'Uptimia', 'uptimia'],
  ['monitor', 'Uptime Doctor', 'uptimedoctor'],
  ['monitor', 'Qihoo 360', '360JK'],
  ['monitor', 'IDERA', 'CopperEgg'],
  ['monitor', 'NotifyNinja', 'notifyninja'],
  ['monitor', 'Cisco', 'ThousandEyes'],
  ['monitor', 'Checkly', 'Checkly'],
  ['monitor', 'Oh Dear', 'OhDear'],
  ['monitor', 'Dynatrace', 'RuxitSynthetic'],
  ['monitor', 'updown.io', 'updown.io'],
  ['monitor', 'NodePing', 'NodePing'],
  ['monitor', 'Sentry', 'SentryUptimeBot'],
  [
    'monitor',
    'W3C',
    'W3C_Validator, W3C-checklink, W3C_CSS_Validator, W3C-mobileOK, W3C_Unicorn, W3C_I18n-Checker, Validator.nu, FeedValidator'
  ],
  ['monitor', 'Siteimprove', 'Siteimprove'],
  ['monitor', 'Automattic', 'jetmon, WordPress.com mShots'],
  ['monitor', 'Paessler', 'PRTG'],
  ['monitor', 'Dareboost', 'DareBoost'],
  ['monitor', 'cron-job.org', 'cron-job.org'],
  ['monitor', 'changedetection.io', 'changedetection'],
  ['monitor', 'Let’s Encrypt', "Let's Encrypt validation server = Let’s Encrypt"],
  ['monitor', 'Xenu', 'Xenu Link Sleuth'],

  ['feed', 'Feedly', 'Feedly'],
  ['feed', 'Inoreader', 'inoreader'],
  ['feed', 'Feedbin', 'Feedbin'],
  ['feed', 'NewsBlur', 'NewsBlur'],
  ['feed', 'The Old Reader', 'theoldreader.com = The Old Reader'],
  ['feed', 'Miniflux', 'Miniflux'],
  ['feed', 'FreshRSS', 'FreshRSS'],
  ['feed', 'Tiny Tiny RSS', 'Tiny Tiny RSS'],
  ['feed', 'Nextcloud', 'NextCloud-News, Nextcloud News'],
  ['feed', 'Google', 'FeedFetcher-Google, FeedBurner'],
  ['feed', 'CommaFeed', 'CommaFeed'],
  ['feed', 'NetNewsWire', 'NetNewsWire'],
  ['feed', 'Reeder', 'Reeder/ = Reeder'],
  ['feed', 'ReadKit', 'ReadKit'],
  ['feed', 'Netvibes', 'Netvibes'],
  ['feed', 'Superfeedr', 'Superfeedr bot = Superfeedr'],
  ['feed', 'Overcast', 'Overcast/ = Overcast'],
  ['feed', 'Pocket Casts', 'PocketCasts, Pocket Casts'],
  ['feed', 'Apple', 'iTMS = Apple Podcasts'],
  ['feed', 'SimplePie', 'SimplePie'],
  ['feed', 'start.me', 'startmebot'],
  ['feed', 'Newsboat', 'Newsboat, newsbeuter'],
  ['feed', 'Liferea', 'Liferea/ = Liferea'],
  ['feed', 'Akregator', 'Akregator'],
  ['feed', 'Feeder', 'Feeder.co, SpaceCowboys Android RSS Reader = Feeder'],

  ['archive', 'Internet Archive', 'archive.org_bot, ia_archiver, heritrix, Archive-It, special_archiver'],
  ['archive', 'Arquivo.pt', 'Arquivo-web-crawler'],
  ['archive', 'ArchiveBox', 'ArchiveBox'],
  ['archive', 'Archive Team', 'ArchiveTeam, ArchiveBot'],
  ['archive', 'BnF', 'bnf.fr_bot'],
  ['archive', 'British Library', 'bl.uk_lddc_bot'],
  ['archive', 'Semantic Scholar', 'SemanticScholarBot'],
  ['archive', 'Turnitin', 'TurnitinBot, Turnitin'],
  ['archive', 'Xi’an Jiaotong-Liverpool', 'BUbiNG'],

  ['security', 'Censys', 'CensysInspect'],
  ['security', 'Palo Alto Networks', 'Expanse'],
  ['security', 'Netcraft', 'NetcraftSurveyAgent, Netcraft Web Server Survey, Netcraft SSL Server Survey'],
  ['security', 'Qualys', 'Qualys, SSL Labs'],
  ['security', 'BitSight', 'BitSightBot'],
  ['security', 'Detectify', 'Detectify'],
  ['security', 'Sucuri', 'Sucuri'],
  ['security', 'VirusTotal', 'virustotal'],
  ['security', 'LeakIX', 'l9explore, l9tcpid, l9scan'],
  ['security', 'InternetMeasurement', 'InternetMeasurement'],
  ['security', 'Modat', 'ModatScanner'],
  ['security', 'ONYPHE', 'onyphe'],
  ['security', 'Shodan', 'Shodan'],
  ['security', 'Cloudflare', 'CloudflareRadarURLScanner, Cloudflare-Radar-Scanner'],
  ['security', 'Probely', 'ProbelySPDR'],
  ['security', 'Mozilla', 'Mozilla Observatory'],
  ['security', 'Cookiebot', 'Cookiebot'],
  ['security', 'OneTrust', 'OneTrust'],
  ['security', 'Assetnote', 'Assetnote'],
  ['security', 'Alibaba', 'Alibaba.Security'],
  ['security', 'SafeDNS', 'SafeDNSBot'],

  [
    'scanner',
    'none',
    'Laravel Reaver, Mozilliqa, Nikto, sqlmap, WPScan, Nuclei, masscan, zgrab, Nmap Scripting Engine = Nmap, OpenVAS, Nessus, Acunetix, dirbuster, gobuster, feroxbuster, ffuf, wfuzz, Fuzz Faster U Fool = ffuf, WhatWeb, ZmEu, Morfeus, muieblackcat, w3af, Arachni, Netsparker, BurpSuite, commix, Hydra/ = Hydra, XSpider, jndi: = Log4Shell probe, () { = Shellshock probe, libredtail-http, Mozi., Hello World = Hello World worm, fasthttp, Keydrop.io, visionheight.com/scan = Vision Height, Odin; = Odin, ALittle Client, NetSystemsResearch, LinkpadBot, xfa1, Gh0st'
  ],

  [
    'library',
    'none',
    'wkhtmltopdf, wkhtmltoimage, Zombie.js, kubectl/ = kubectl, docker/ = Docker, Docker-Client = Docker, twine/ = twine, Gradle/ = Gradle, ReactorNetty, CPython/ = Python, LibVLC, Mikrotik/ = MikroTik, htdig/ = ht://Dig, evc-batch, Microsoft Excel, curl/ = curl, PycURL, PHP-Curl-Class, libcurl, Wget, python-requests, python-httpx, Python-urllib, aiohttp, Python/ = Python, Scrapy, Go-http-client, colly, Java/1 = Java, Java/2 = Java, Java-http-client, Apache-HttpClient, okhttp, Jakarta Commons-HttpClient, HttpUrlConnection, AHC/ = AsyncHttpClient, libwww-perl, LWP::Simple, lwp-trivial, lwp-request, WWW-Mechanize, HTTP::Tiny, axios, node-fetch, undici, got (https = got, superagent, needle/ = Needle, Deno/ = Deno, Bun/ = Bun, GuzzleHttp, PHP/ = PHP, Symfony HttpClient, Faraday, rest-client, HTTPie, PostmanRuntime, insomnia/ = Insomnia, Paw/ = Paw, aria2, axel/ = Axel, reqwest, hyper/ = hyper, ureq, Dart/ = Dart, WinHttp, Microsoft-CryptoAPI, Microsoft URL Control, WindowsPowerShell = PowerShell, PowerShell/ = PowerShell, BITS/ = BITS, HTTrack, WebCopier, WebZIP, Offline Explorer, SiteSucker, Nutch, crawler4j, StormCrawler, Jsoup, trafilatura, newspaper/ = newspaper, HeadlessChrome, PhantomJS, Puppeteer, Playwright, Selenium, Splash, Electron-Fetch, Apache-CXF, Jetty/ = Jetty, akka-http, vertx, Ktor, WordPress/ = WordPress, Drupal, git/ = git, Monit/ = Monit, lua-resty-http, Typhoeus, Mechanize, EventMachine, AnyEvent-HTTP, cpp-httplib, httpx, k6/ = k6, ApacheBench, Siege/ = Siege, wrk/ = wrk, hey/ = hey, vegeta, Locust, Apache JMeter, Lavf/ = FFmpeg, libavformat = FFmpeg'
  ]
]
