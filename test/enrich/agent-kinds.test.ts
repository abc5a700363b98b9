import { describe, expect, test } from 'vitest'
import { readAgent } from '#lib/enrich/agent.ts'
import type { Agent } from '#lib/enrich/agent.ts'
import { readBot } from '#lib/enrich/bots.ts'

const khtml = '(KHTML, like Gecko)'
const webKit = `AppleWebKit/537.36 ${khtml}`
const windows = `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webKit}`
const mac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webKit} Chrome/141.0.0.0 Safari/537.36`
const ipadAsMac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 ${khtml}`
const iphone = `Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 ${khtml}`

const android = (model: string, rest = 'Chrome/120.0.0.0 Mobile Safari/537.36') =>
  `Mozilla/5.0 (Linux; Android 11; ${model}) ${webKit} ${rest}`
const large = 'Chrome/120.0.0.0 Safari/537.36'
const webView = 'Version/4.0 Chrome/139.0.0.0 Mobile Safari/537.36'

type Want = Partial<Agent> & { is_bot?: boolean; bot_name?: string }
const chromePhone: Want = { browser: 'Chrome', os: 'Android', device: 'phone', is_bot: false }

const cases: Record<string, [agent: string, want: Want][]> = {
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
    [
      'Mozilla/5.0 (SAMSUNG; SAMSUNG-GT-S5330/S5330XXJJ1; U; Bada/1.0; it-it) AppleWebKit/533.1 (KHTML, like Gecko) Dolfin/2.0 Mobile WQVGA SMM-MMS/1.2.0 OPN-B',
      { os: 'Bada', device: 'phone', is_bot: false }
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
    ['Mozilla/5.0 (compatible; WidgetGrabber/2.1)', { is_bot: true }]
  ],
  'an iPad that says Macintosh is an iPad': [
    [`${ipadAsMac} Mobile/15E148`, { os: 'iPadOS', device: 'tablet' }],
    [
      `${ipadAsMac} CriOS/142 Version/11.1.1 Safari/605.1.15`,
      { os: 'iPadOS', device: 'tablet', browser: 'Chrome', browser_version: '142', os_version: null }
    ],
    [`${ipadAsMac} FxiOS/138.0 Safari/605.1.15`, { os: 'iPadOS', device: 'tablet', browser: 'Firefox' }],
    [
      `${ipadAsMac} Version/17.0 EdgiOS/119.0 Safari/605.1.15`,
      { os: 'iPadOS', device: 'tablet', browser: 'Edge' }
    ],
    [`${ipadAsMac} Version/18.1 Safari/605.1.15 OPT/5.2`, { os: 'iPadOS', browser: 'Opera' }],
    [`${ipadAsMac} GSA/340.3 Safari/604.1`, { os: 'iPadOS', browser: 'Google App' }],
    [`${ipadAsMac} Version/17.4 Safari/605.1.15`, { os: 'macOS', device: 'desktop', browser: 'Safari' }]
  ],
  'a new browser has its name': [
    [`${mac} Atlas/1.0`, { browser: 'ChatGPT Atlas', browser_version: '1', os: 'macOS' }],
    [`${mac} Comet/1.2`, { browser: 'Comet' }],
    [`${mac} Dia/1.4`, { browser: 'Dia' }],
    [`${mac} Helium/0.6`, { browser: 'Helium' }],
    [`${mac} Orion/0.99`, { browser: 'Orion' }],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 Zen/1.14', { browser: 'Zen' }],
    [`${iphone} Version/17.4 Mobile/15E148 Safari/604.1 ArcMobile2/1.20`, { browser: 'Arc Search' }],
    [`${mac.replace('Chrome', 'Brave Chrome')}`, { browser: 'Brave' }],
    [
      android('K', 'Version/4.0 Chrome/120.0.0.0 Mobile DuckDuckGo/5 Safari/537.36'),
      { browser: 'DuckDuckGo', browser_version: '5' }
    ],
    [
      android('C55 Pro', 'Chrome/98.0.4758.101 Mobile Safari/537.36 PHX/10.1'),
      { browser: 'Phoenix Browser', browser_version: '10.1' }
    ],
    [
      android('SM-A536B; wv', `${webView} NAVER(inapp; search; 1010; 11.11.2)`),
      { browser: 'Naver', browser_version: '11.11' }
    ],
    [android('V2203A; wv', `${webView} Zalo/20.04.02`), { browser: 'Zalo', browser_version: '20.4' }]
  ],
  'the number of an engine or a system is no version of a browser': [
    [
      'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) 76.0.3809.146/6.0 TV Safari/537.36',
      { browser_version: null, device: 'tv', os: 'Tizen' }
    ],
    [`${iphone} Safari/604.1`, { browser: 'Safari', browser_version: null }],
    [
      'UCWEB/2.0 (Java; U; MIDP-2.0; en-US; nokia2690) U2/1.0.0 UCBrowser/9.4.1.377 U2/1.0.0 Mobile',
      { browser: 'UC Browser', browser_version: '9.4', device: 'phone' }
    ],
    [
      'UCWEB/2.0 (Java; U; MIDP-2.0; Nokia203/20.37) U2/1.0.0 UCMini/10.9.8.1006 Opera Mini/7.1 Mobile',
      { browser: 'UC Browser', browser_version: '10.9' }
    ],
    [
      'Mozilla/5.0 (SymbianOS/9.4; Series60/5.0 NokiaC5-03/23.0.015) AppleWebKit/533.4 (KHTML, like Gecko) NokiaBrowser/7.4.1.14 Mobile Safari/533.4',
      { browser: 'Nokia Browser', browser_version: '7.4', os: 'Symbian' }
    ],
    [
      'Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C)',
      { browser: 'IE', browser_version: '11' }
    ]
  ],
  'a television is one, whatever its browser says': [
    [android('MiTV-AYFR0'), { device: 'tv', os: 'Android' }],
    [android('AFTKA', large), { device: 'tv', os: 'Fire OS' }],
    [
      android('AFTTIFF55', 'Silk/87.2.4 like Chrome/87.0.4280.141 Safari/537.36'),
      { device: 'tv', browser: 'Silk' }
    ],
    [android('BRAVIA 4K UR3', large), { device: 'tv' }],
    [android('SW-LED32SB302', large), { device: 'tv' }],
    [android('55LEX-8161/UTS2C', large), { device: 'tv' }],
    [android('U43F8000Q'), { device: 'tv' }],
    [
      android(
        'Rombica Smart Box Q1',
        'Chrome/102.0.5005.167 YaApp_Android/22.79.1/apad Mobile Safari/537.36'
      ),
      { device: 'tv' }
    ],
    [
      `Mozilla/5.0 (Linux; Andr0id 9; AFTBOXE1) ${webKit} Chrome/108.0.5359.59 Safari/537.36 OPR/46.0.2207.0 OMI/4.23.2.73.AFTdev.465`,
      { device: 'tv', os: 'Fire OS' }
    ],
    [
      `Mozilla/5.0 (Linux ) ${webKit} Chrome/108.0.5359.128 Safari/537.36 OPR/46.0.2207.0 OMI/4.23.2.96.LIMA2.94 TiVoOS/1.0.0 (Vestel MB180 HITACHI)`,
      { device: 'tv', os: 'TiVo OS' }
    ]
  ],
  'a tablet is one, though it says Mobile': [
    [android('SM-X916B'), { device: 'tablet' }],
    [android('Lenovo TB-8505F'), { device: 'tablet' }],
    [android('TB310FU'), { device: 'tablet' }],
    [android('23043RP34G'), { device: 'tablet' }],
    [android('OPD2304'), { device: 'tablet' }],
    [android('AGS5-W00'), { device: 'tablet' }],
    [android('Masstel Tab 83'), { device: 'tablet' }],
    [android('Redmi Pad SE'), { device: 'tablet' }],
    [
      android(
        'P30S',
        'Chrome/112.0.0.0 YaApp_Android/23.52/apad YaSearchBrowser/23.52/apad BroPP/1.0 SA/3 Mobile Safari/537.36'
      ),
      { device: 'tablet' }
    ],
    [
      android('X55', 'Chrome/112.0.0.0 YaSearchBrowser/23.52/apad BroPP/1.0 Mobile Safari/537.36'),
      { device: 'tablet' }
    ],
    [android('PadFone T008'), { device: 'phone' }],
    [android('SM-S918B'), { device: 'phone' }],
    [android('SM-F946B', large), { device: 'phone' }],
    [android('K'), { device: 'phone' }]
  ],
  'a watch, a headset, a car are none of these': [
    [android('SM-R870'), { device: 'other', os: 'Wear OS', os_version: null }],
    [
      `Mozilla/5.0 (X11; Linux x86_64; Quest 2) ${webKit} OculusBrowser/22.2.0.3.39 SamsungBrowser/4.0 Chrome/102.0.5005.148 VR Safari/537.36`,
      { browser: 'Oculus Browser', browser_version: '22.2', device: 'other' }
    ],
    [
      `Mozilla/5.0 (Linux; Android 12; Quest 3) ${webKit} OculusBrowser/30.0.0.1 Chrome/118.0 Mobile VR Safari/537.36`,
      { browser: 'Oculus Browser', device: 'other' }
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64; PICO 4 OS5.8.2 like Quest) ${webKit} PicoBrowser/3.3.38 Chrome/105.0.5195.68 VR Safari/537.36`,
      { browser: 'Pico Browser', device: 'other' }
    ],
    [android('DiLink5.0 For BYD AUTO'), { device: 'other' }]
  ],
  'HarmonyOS runs on computers, tablets and phones': [
    [
      `Mozilla/5.0 (PC; OpenHarmony 6.1; Windows NT 10.0) ${webKit} Chrome/132.0.0.0 Safari/537.36 ArkWeb/6.1.0.100 HuaweiBrowser/6.1.3.321`,
      { os: 'HarmonyOS', os_version: '6.1', device: 'desktop', browser: 'Huawei Browser' }
    ],
    [
      `Mozilla/5.0 (Phone; OpenHarmony 5.0) ${webKit} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1 Mobile`,
      { os: 'HarmonyOS', device: 'phone' }
    ],
    [
      `Mozilla/5.0 (Tablet; OpenHarmony 5.0) ${webKit} Chrome/114.0.0.0 Safari/537.36 ArkWeb/4.1.6.1`,
      { os: 'HarmonyOS', device: 'tablet' }
    ],
    [
      `Mozilla/5.0 (Linux; Android 12; HarmonyOS; DBR-W09; HMSCore 6.10.2.309) ${webKit} Chrome/92.0.4515.105 HuaweiBrowser/12.1.2.319 Safari/537.36`,
      { os: 'HarmonyOS', device: 'tablet' }
    ],
    [
      `Mozilla/5.0 (Linux; Android 10; HarmonyOS; ELS-AN00) ${webKit} Chrome/92.0.4515.105 HuaweiBrowser/12.1.2.319 Mobile Safari/537.36`,
      { os: 'HarmonyOS', device: 'phone' }
    ]
  ],
  'a system behind another is the one meant': [
    [
      'Mozilla/5.0 (X11; U; AIX 5.3; en-US; rv:1.7.12) Gecko/20051025 Firefox/1.0.7',
      { os: 'AIX', device: 'desktop' }
    ],
    ['Mozilla/5.0 (X11; U; HP-UX 9000/785; en-US; rv:1.7) Gecko/20040617 Firefox/1.0', { os: 'HP-UX' }],
    [
      'Mozilla/5.0 (Windows NT 6.2; ARM; Trident/7.0; Touch; rv:11.0; WPDesktop; Lumia 1520) like Gecko',
      { os: 'Windows Phone', device: 'phone', browser: 'IE' }
    ],
    [
      'UCWEB/2.0 (Windows; U; wds 8.10; pt-BR; NOKIA; RM-979_1004) U2/1.0.0 UCBrowser/4.2.1.541 U2/1.0.0 Mobile',
      { os: 'Windows Phone', device: 'phone', browser: 'UC Browser' }
    ],
    ['Safari/19617.1.17.11.9 CFNetwork/1490.0.4 Darwin/23.2.0', { os: 'macOS' }]
  ]
}

describe.each(Object.entries(cases))('%s', (_, rows) => {
  test.each(rows)('%s', (agent, want) => {
    expect({ ...readAgent(agent), ...readBot(agent) }).toMatchObject(want)
  })
})
