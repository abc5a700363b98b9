import {
  khtml,
  webKit,
  windows,
  mac,
  ipadAsMac,
  iphone,
  android,
  large,
  webView,
  testKinds
} from './made-agents.ts'

testKinds({
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
    [
      `${ipadAsMac} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0.0.21.109;FBDV/iPad14,3]`,
      { browser: 'Facebook', os: 'iPadOS', device: 'tablet' }
    ],
    [`${ipadAsMac} Version/17.4 Safari/605.1.15`, { os: 'macOS', device: 'desktop', browser: 'Safari' }]
  ],
  'an agent without spaces is read as one with them': [
    [
      'Mozilla/5.0(WindowsNT10.0;Win64;x64)AppleWebKit/537.36(KHTML,likeGecko)Chrome/138.0.0.0Safari/537.36Edg/138.0.0.0',
      { browser: 'Edge', browser_version: '138', os_version: '10/11', device: 'desktop', is_bot: false }
    ],
    [
      'Mozilla/5.0(WindowsNT10.0;Win64;x64;rv:143.0)Gecko/20100101Firefox/143.0',
      { browser: 'Firefox', browser_version: '143', is_bot: false }
    ],
    [
      'Mozilla/5.0(Linux;Android15;24122RKC7GBuild/AQ3A.240829.003;wv)AppleWebKit/537.36(KHTML,likeGecko)Version/4.0Chrome/125.0.6422.72MobileSafari/537.36',
      { browser: 'Chrome WebView', os: 'Android', os_version: '15', device: 'phone', is_bot: false }
    ],
    [
      'Mozilla/5.0(iPhone;CPUiPhoneOS17_6likeMacOSX)AppleWebKit/605.1.15(KHTML,likeGecko)Version/17.6Mobile/15E148Safari/604.1',
      { browser: 'Safari', browser_version: '17.6', os: 'iOS', os_version: '17.6', is_bot: false }
    ],
    [
      'Mozilla/5.0(Macintosh;IntelMacOSX10_15_7)AppleWebKit/605.1.15(KHTML,likeGecko)CriOS/140Version/11.1.1Safari/605.1.15',
      { browser: 'Chrome', os: 'iPadOS', device: 'tablet' }
    ],
    [
      'Mozilla/5.0(X11;CrOSx86_6414989.107.0)AppleWebKit/537.36(KHTML,likeGecko)Chrome/105.0.0.0Safari/537.36',
      { browser: 'Chrome', os: 'ChromeOS', is_bot: false }
    ],
    ['Mozilla/5.0(compatible;Quuxbot/1.2;+https://quux.example/)', { bot_name: 'Quuxbot' }]
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
    [`${iphone} Version/17.4 Mobile/15E148 Safari/604.1 Brave`, { browser: 'Brave', browser_version: null }],
    [`${mac.replace(' Safari', ' Iron Safari')}`, { browser: 'Iron', browser_version: '141' }],
    [`${mac} (Ecosia macos@141.0.7390.55)`, { browser: 'Ecosia', browser_version: null }],
    [
      android('K', 'Chrome/150.0.0.0 Mobile Safari/537.36 (Ecosia android@150.0.0.0)'),
      { browser: 'Ecosia', browser_version: '150' }
    ],
    [
      'Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0 QwantMobile/5.1',
      { browser: 'Qwant', browser_version: '5.1' }
    ],
    [
      android(
        'K',
        'Chrome/144.0.0.0 Safari/537.36 Telegram-Android/12.4.1 (Maker Model; Android 16; SDK 36; HIGH)'
      ),
      { browser: 'Telegram', browser_version: '12.4' }
    ],
    [
      `Dalvik/2.1.0 (Linux; U; Android 13; ZX-77 Build/TLAS33) AppleWebKit [PB/183] ${khtml} Chrome/108.0.0.0 Mobile Safari/537.36`,
      { browser: 'Chrome', browser_version: '108', os: 'Android' }
    ],
    [`${mac} QuarkPC/4.1.0.7`, { browser: 'Quark', browser_version: '4.1' }],
    [
      `${windows.replace('x64)', 'x64; Valve Steam GameOverlay/default/1769025840)')} Chrome/126.0.6478.183 Safari/537.36`,
      { browser: 'Steam', browser_version: null, device: 'desktop' }
    ],
    ['Mozilla/5.0 (X11; Linux x86_64) LibWeb+LibJS/1.0 Ladybird/1.0', { browser: 'Ladybird', is_bot: false }],
    [
      `${iphone} Mobile/15E148 Weibo (iPhone17,1__weibo__15.4.1__iphone__os18.5)`,
      { browser: 'Weibo', browser_version: '15.4', device: 'phone' }
    ],
    [
      `${iphone} Mobile/15E148 Safari/604.1 musical_ly_43.1.0 JsSdk/2.0 ByteLocale/en`,
      { browser: 'TikTok', browser_version: '43.1' }
    ],
    [
      android('SM-A155F; wv', `${webView} trill_2022803040 JsSdk/1.0 app_version/28.3.4 ByteLocale/vi`),
      { browser: 'TikTok', browser_version: '28.3' }
    ],
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
    [android('XYZTV', large), { device: 'tv' }],
    [android('AB_CDTV65X1', large), { device: 'tv' }],
    [android('MAKER 4KTV'), { device: 'tv' }],
    [android('X.smartTV.8800', large), { device: 'tv' }],
    [android('BTV-W09', large), { device: 'tablet' }],
    [
      `Mozilla/5.0 (Linux; Kepler 1.2; AFTXX001 user/2222; wv) ${webKit} Mobile Chrome/133.0.0.0 Safari/537.36`,
      { device: 'tv', os: 'Vega OS', os_version: '1.2' }
    ],
    [
      'Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chr0me/94.0.4606.128 Safari/537.36 LG Browser/8.00.00(LGE; 55ZX-1; 03.11.00; 1; DTV_W22X)',
      { device: 'tv', os: 'webOS', browser: 'LG Browser' }
    ],
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
    [android('Coolpad 77A'), { device: 'phone' }],
    [
      android('SM-A166B', 'Chrome/120.0.0.0 YaSearchBrowser/24.10/apad BroPP/1.0 Mobile Safari/537.36'),
      { device: 'phone' }
    ],
    [android('RMX2040', large), { device: 'phone' }],
    [android('SM-S918B'), { device: 'phone' }],
    [android('SM-F946B', large), { device: 'phone' }],
    [android('K'), { device: 'phone' }]
  ],
  'the browser of Samsung in desktop mode runs on Android': [
    [
      `Mozilla/5.0 (X11; Linux x86_64) ${webKit} SamsungBrowser/27.0 Chrome/125.0.0.0 Safari/537.36`,
      { browser: 'Samsung Internet', os: 'Android', os_version: null, device: 'tablet' }
    ]
  ],
  'a watch, a headset, a car are none of these': [
    [android('SM-R870'), { device: 'other', os: 'Wear OS', os_version: null }],
    [android('TicWatch E9'), { device: 'other', os: 'Wear OS' }],
    [android('Galaxy Watch5'), { device: 'other', os: 'Wear OS' }],
    [
      'Mozilla/5.0 (Android 14; Mobile VR; rv:128.0) Gecko/128.0 Firefox/128.0',
      { browser: 'Firefox', device: 'other' }
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64; Valve Steam Client/Steam Deck [Steam Deck Beta]/default/0) ${webKit} Chrome/126.0.0.0 Safari/537.36`,
      { browser: 'Steam', device: 'console' }
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64; Quest 2) ${webKit} OculusBrowser/22.2.0.3.39 SamsungBrowser/4.0 Chrome/102.0.5005.148 VR Safari/537.36`,
      { browser: 'Oculus Browser', browser_version: '22.2', device: 'other' }
    ],
    [
      `Mozilla/5.0 (Linux; Android 12; Quest 3) ${webKit} OculusBrowser/30.0.0.1 Chrome/118.0 Mobile VR Safari/537.36`,
      { browser: 'Oculus Browser', device: 'other' }
    ],
    [
      `Mozilla/5.0 (X11; Linux x86_64; PICO 4 OS5.8.2 like Quest) ${webKit} PicoBrowser/3.3.38 Chrome/105.0.5195.68 VR Safari/537.36 OculusBrowser/7.0`,
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
    ['Mozilla/5.0 (X11; AIX 7.2; rv:60.0) Gecko/20100101 Firefox/60.0', { os: 'AIX', os_version: '7.2' }],
    [
      'Mozilla/5.0 (Mobile; LYF/X1; rv:32.0) Gecko/32.0 Firefox/32.0',
      { os: 'Firefox OS', os_version: null, device: 'phone', browser: 'Firefox' }
    ],
    ['Nokia Lumia 900 (wds 7.10; UCWEB)', { os: 'Windows Phone', browser: 'UC Browser' }],
    ['Safari/19617.1.17.11.9 CFNetwork/1490.0.4 Darwin/23.2.0', { os: 'macOS' }]
  ]
})
