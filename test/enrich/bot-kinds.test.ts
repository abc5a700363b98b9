import {
  khtml,
  webKit,
  windows,
  iphone,
  android,
  large,
  webView,
  chromePhone,
  testKinds
} from './made-agents.ts'

testKinds({
  'the model of a device is no bot and no browser': [
    [android('Expanse'), chromePhone],
    [android('CUBOT_P30'), chromePhone],
    [android('VR BOT 552'), chromePhone],
    [android('XBot Junior'), chromePhone],
    [android('GM Discovery II'), chromePhone],
    [android('AURII Virtuoso Build/MRA58K'), chromePhone],
    [android('S308 Build/CUBOT'), chromePhone],
    [android('BlackBerry Motion'), chromePhone],
    [android('Moto Edge 20'), chromePhone],
    [android('Edge TA3E1M01', large), { browser: 'Chrome', device: 'tablet' }],
    [android('Silk 2'), chromePhone],
    [android('Brave 11 5G'), chromePhone],
    [android('en-us; Instagram Phone Build/AB1'), chromePhone],
    [android('A(bot)1'), chromePhone],
    [android('HTTP-900'), chromePhone],
    [
      'Mozilla/5.0 (compatible; MSIE 9.0; Windows Phone OS 7.5; Trident/5.0; IEMobile/9.0; HTC; Radar C110e)',
      { is_bot: false }
    ],
    [
      android(
        'Pixel 8; wv',
        `${webView} [FBAN/FB4A;FBAV/482.0.0.71.108;FBMF/Google;FBBD/google;FBDV/Pixel 8;FBSV/15;]`
      ),
      { browser: 'Facebook', browser_version: '482', device: 'phone', is_bot: false }
    ]
  ],
  'an agent without parentheses is read as one with them': [
    [
      'Mozilla/5.0 Linux; Android 12; ZX-77 Build/SP1A.210812.016 AppleWebKit/537.36 KHTML, like Gecko Chrome/120.0.0.0 Mobile Safari/537.36',
      { ...chromePhone, browser_version: '120', os_version: '12' }
    ],
    [
      'Mozilla/5.0 Linux; U; Android 10; en-US; Scanner Pro 5 AppleWebKit/537.36 KHTML, like Gecko Version/4.0 Chrome/57.0 UCBrowser/12.11.1.1197 Mobile Safari/537.36',
      { browser: 'UC Browser', browser_version: '12.11', device: 'phone', is_bot: false }
    ]
  ],
  'an app that names the phone it runs on is no bot': [
    ['MyShop/3.4.1 (iPhone; iOS 18.1; Scale/3.00) https://shop.example', { os: 'iOS', is_bot: false }],
    ['Bankly/9.1 (iPad13,8; iPadOS 17.4)', { os: 'iPadOS', device: 'tablet', is_bot: false }],
    ['Radio 12.1 (Xiaomi, Android 14)', { os: 'Android', device: 'phone', is_bot: false }],
    ['Kitchen/12 CFNetwork/1408.0.4 Darwin/22.5.0', { os: 'iOS', is_bot: false }],
    ['iPhone17Pro', { os: 'iOS', device: 'phone', is_bot: false }],
    [
      'dv(iPh16,2);pr(UCBrowser/16.9.0.2100);ov(17_2);ss(390x844);bt(UC);pm(0);bv(0);nm(0);im(0);nt(1);',
      {
        browser: 'UC Browser',
        browser_version: '16.9',
        os: 'iOS',
        os_version: '17.2',
        device: 'phone',
        is_bot: false
      }
    ],
    ['ABC61D_11C_HW (MRE/3.1.00(64);MAUI/X1;WAP Browser/MAUI (HTTP PGDL;HTTPS))', { is_bot: false }],
    ['AndroidDownloadManager/13 (Linux; U; Android 13; ZX-77 Build/TP1A)', { is_bot: false }],
    ['LinkChecker/2.0 (iOS 17)', { is_bot: true }],
    ['NewsCrawler/1.0 (Android 12)', { is_bot: true }],
    ['Fetch/3 okhttp/4.11.0 (Android 14)', { is_bot: true }]
  ],
  'a comment behind the model still declares a bot': [
    [
      'Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)',
      { is_bot: true }
    ],
    [
      android('SM-G930V; compatible; PetalBot;+https://webmaster.petalsearch.com/site/petalbot'),
      { bot_name: 'PetalBot' }
    ],
    [
      `${android('Nexus 5X Build/MMB29P')} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`,
      { bot_name: 'Googlebot' }
    ],
    [android('compatible; GPTBot/1.2; +https://openai.com/gptbot'), { bot_name: 'GPTBot' }]
  ],
  'a word or an address beside a whole browser declares nothing': [
    [
      `${windows} Chrome/127.0.0.0 Safari/537.36 ||| ReqID: 472 | TabID: 643 | FrameID: 0 | Type: xmlhttprequest | Initiator: https://x.example`,
      { is_bot: false, browser: 'Chrome' }
    ],
    [`${windows} Chrome/127.0.0.0 Safari/537.36 Referer: https://shop.example/a`, { is_bot: false }],
    [
      android(
        'SEA-AL10 Build/HUAWEISEA-AL10; wv',
        `${webView} MMWEBID/5123 MicroMessenger/8.0.20.2080(0x28001435) Process/tools WeChat/arm64 Weixin NetType/4G`
      ),
      { browser: 'WeChat', is_bot: false }
    ],
    [
      android('A2020; wv', `${webView} AWP/2.0 SogouMSE,SogouMobileBrowser/6.5.11`),
      { browser: 'Sogou', browser_version: '6.5', is_bot: false }
    ],
    [
      android('T2V', `${webView} SGInfo/480/854/1.5 SogouSearch Android1.0 version3.0`),
      { browser: 'Sogou', is_bot: false }
    ],
    [`${iphone} AppleNews/607 Version/2.0`, { is_bot: false }],
    [`${iphone} Mobile/15E148 DocScan/2.1`, { is_bot: false }],
    [android('SM-S918B; wv', `${webView} InsuranceAgent/4.0.1`), { is_bot: false }],
    [android('SM-S918B; wv', `${webView} ShopCrawler/4.0`), { is_bot: true }],
    [`${windows} Chrome/127.0.0.0 Safari/537.36 PortScan/2.1`, { is_bot: true }],
    [android('SM-F946U1; wv', `${webView} daynews/24.30.1`), { is_bot: false }],
    [
      'Mozilla/5.0 (SAMSUNG; SAMSUNG-GT-S5330/S5330XXJJ1; U; Bada/1.0; it-it) AppleWebKit/533.1 (KHTML, like Gecko) Dolfin/2.0 Mobile WQVGA SMM-MMS/1.2.0 OPN-B',
      { os: 'Bada', device: 'phone', is_bot: false }
    ],
    [
      'Opera/9.80 (Bada; Opera Mini/5.1/28; U; de) Presto/2.5',
      { os: 'Bada', browser: 'Opera Mini', is_bot: false }
    ],
    [
      `Mozilla/5.0 (Linux armv7l) ${webKit} Chrome/84.0.4147.140 Safari/537.36 OPR/46.0.2207.0 OMI/4.21.4.112.Catcher4.69 Model/Hisense-MT9602 VIDAA/5.0(Hisense;SmartTV)`,
      { browser: 'Opera', os: 'VIDAA', device: 'tv', is_bot: false }
    ],
    [
      'Mozilla/5.0 (Linux; Android 4.2.1; en-us; Nexus 5 Build/JOP40D) AppleWebKit/535.19 (KHTML, like Gecko; googleweblight) Chrome/38.0.1025.166 Mobile Safari/535.19',
      { is_bot: false, device: 'phone' }
    ]
  ],
  'the size of a screen, a model that stands elsewhere, or the name of a value declares nothing': [
    [
      android('ZX-77', `${webView} Instagram 300.0.0.1 Android (30/11; 160dpi; 1024x768; ZX; ZX-77; en_US)`),
      { is_bot: false }
    ],
    [
      'Mozilla/5.0 (Linux like Android) AppleWebKit/534.34 Reading/7 (screen 1024x758) Mobile',
      { is_bot: false }
    ],
    [
      android('VR_BOT_5; wv', `${webView} Chatting/10.24 (VR_BOT_5; Android 11; gzip)`),
      { is_bot: false, device: 'phone' }
    ],
    [
      'Mozilla/5.0 (Linux GoogleTV 4.1 acme_google_box Build/X1) AppleWebKit/534.24 (KHTML, like Gecko) Chrome/11.0.696.77 Safari/534.24',
      { is_bot: false, device: 'tv' }
    ],
    [
      `${webKit} Chrome/90.0.4430.0 Safari/537.36 HbbTV/1.5.1 (+DRM; Acme; ACME_GoogleTV_2021;)`,
      { is_bot: false, device: 'tv' }
    ],
    [
      android('P9 Build/PQ3B; wv-atv; mse', `Google/2.1 Version/4.0 Chrome/90.0.0.0 Mobile Safari/537.36`),
      { is_bot: false }
    ],
    [`SHOP_TEST_AGENT/${android('ZX-77; wv', webView)}`, { is_bot: false }],
    [
      `${iphone} Version/0.0; GmmClient:google_ios/com.google.Maps/6.1/Mobile/ios:iPhone12,1/iOS-AppStore`,
      { is_bot: false }
    ],
    [
      `${iphone} Version/17.4 Mobile/15E148 Safari/604.1 count={"angebot":"app","robot":1}`,
      { is_bot: false }
    ],
    [
      'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; http://intranet.firm.example/; rv:11.0) like Gecko',
      { is_bot: false, browser: 'IE' }
    ],
    ['Mozilla/4.0 (compatible; MSIE 9.0; Windows NT 6.3; Trident/7.0; GWX:DOWNLOADED)', { is_bot: false }],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:50.0) Gecko/20100101 Firefox/50.0 FirePHP/0.7.4',
      { is_bot: false, browser: 'Firefox' }
    ],
    [
      'Mozilla/5.0 (Windows NT 6.1; rv:20.0) Gecko/20100101 Find.com Toolbar 3.0 Firefox/20.0',
      { is_bot: false, browser: 'Firefox' }
    ],
    [
      'ZX-1 MIDP-2.0/CLDC-1.1 Browser/Opera (HTTPS) Opera/9.80 (MTK; Nucleus; U; de) Presto/2.5.28 Version/10.10',
      { is_bot: false }
    ]
  ],
  'and yet a bot there is one': [
    ['ShopBot/Mozilla/5.0 (Linux; Android 10; ZX-77; wv) AppleWebKit/537.36', { is_bot: true }],
    [`${android('Googlebot')} (Googlebot; gzip) Googlebot/2.1`, { is_bot: true }],
    [
      'Mozilla/5.0 (Windows NT 6.1; Trident/7.0; +http://pages.example/; rv:11.0) like Gecko',
      { is_bot: true }
    ],
    [`${windows} Chrome/120.0.0.0 Safari/537.36 {"robot"}`, { is_bot: true }],
    [`${windows} Chrome/120.0.0.0 Safari/537.36 site24x7`, { is_bot: true }]
  ],
  'a tool that bears a browser is a bot': [
    [`${windows} Chrome/60.0.3122.113 Safari/537.36 Assetnote/1.0.0`, { bot_name: 'Assetnote' }],
    [`Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 ${khtml} HLB/1.247`, { bot_name: 'Site24x7' }],
    [
      'Mozilla/5.0 (compatible; MSIE 7.0; Windows NT 5.1; .NET CLR 1.1.4322) 360JK yunjiankong 427691',
      { is_bot: true }
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64) Miniature.io/6.0 ${webKit} QtWebEngine/5.12.4 Chrome/69.0.3497.128 Safari/537.36`,
      { bot_name: 'Miniature.io' }
    ],
    ['Mozilla/5.0 (Laravel Reaver .env Presence)', { bot_name: 'Laravel Reaver' }],
    ['Mozilliqa"<?=print(9347655345-4954366);?>"', { bot_name: 'Mozilliqa' }],
    [`${windows} Chrome/103.0.0.0 Safari/537.36 (+https://pics.example/about)`, { is_bot: true }],
    [
      `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/534.34 ${khtml} wkhtmltopdf Safari/534.34`,
      { bot_name: 'wkhtmltopdf' }
    ],
    ['Mozilla/5.0 (compatible; WidgetGrabber/2.1)', { is_bot: true }],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X) Ledger/14.2.0', { bot_name: 'Ledger' }],
    [`${windows} Chrome/120.0 Safari/537.36 some tool, ops at firm dot example`, { is_bot: true }]
  ]
})
