import type { Row } from './agent-tokens.ts'

/** Models as apps name them, `iPhone17,1`: the number before the comma belongs to the word. */
const numbered = (name: string) => Array.from({ length: 30 }, (_, at) => ` ${name}${at + 1}`).join('')
const phones = `iPhone iPod${numbered('iPhone')}${numbered('iPod')}${numbered('iPh')}`
const pads = `iPad iPadOS${numbered('iPad')}`

/** Systems; the first that has a word in the agent wins: phones name the systems they resemble. */
export const systems: readonly Row[] = [
  [
    'Windows Phone',
    'Windows~Phone Windows~CE Windows~Mobile IEMobile WindowsPhone WindowsCE ZuneWP7 WPDesktop wds'
  ],
  ['Xbox', 'Xbox'],
  ['PlayStation', 'PLAYSTATION PlayStation PSP'],
  ['Nintendo', 'Nintendo NintendoBrowser'],
  ['KaiOS', 'KAIOS KaiOS'],
  ['HarmonyOS', 'HarmonyOS OpenHarmony HMOS ArkWeb'],
  ['Tizen', 'Tizen'],
  ['webOS', 'Web0S webOS WebOS hpwOS webOSTV WebOSTV webOS.TV', 'webOS'],
  ['VIDAA', 'VIDAA Vidaa'],
  ['TiVo OS', 'TiVoOS'],
  ['Roku', 'Roku RokuOS RokuBrowser', 'RokuOS'],
  ['PICO OS', 'PicoBrowser'],
  ['Fire OS', 'Silk Silk-Accelerated cordova-amazon-fireos AmazonWebAppPlatform', 'Android'],
  ['Windows', 'Windows WinNT Win98 Win95 WinNT4.0 Win32 Windows-NT', 'NT'],
  ['BlackBerry OS', 'BlackBerry BB10 PlayBook', 'Version'],
  ['Vega OS', 'Kepler'],
  ['Android', 'Android Andr0id Dalvik Adr Outlook-Android'],
  ['iOS', `iOS FBIOS Outlook-iOS ${phones}`, 'OS'],
  ['iPadOS', pads, 'OS'],
  ['tvOS', 'AppleTV tvOS'],
  ['watchOS', 'watchOS Watch~OS'],
  ['macOS', 'Macintosh Mac_PowerPC Mac_PPC macOS OSX', 'X'],
  ['Darwin', 'Darwin'],
  ['ChromeOS', 'CrOS'],
  ['Symbian', 'SymbianOS Symbian Series60 Series80 SymbOS'],
  ['Bada', 'Bada'],
  ['Sailfish', 'Sailfish'],
  ['MeeGo', 'MeeGo'],
  ['Maemo', 'Maemo'],
  ['Fuchsia', 'Fuchsia'],
  ['Haiku', 'Haiku'],
  ['FreeBSD', 'FreeBSD'],
  ['OpenBSD', 'OpenBSD'],
  ['NetBSD', 'NetBSD'],
  ['DragonFly', 'DragonFly'],
  ['Solaris', 'SunOS Solaris'],
  ['AIX', 'AIX'],
  ['HP-UX', 'HP-UX'],
  ['IRIX', 'IRIX IRIX64'],
  ['OS/2', 'OS/2 Warp'],
  ['BeOS', 'BeOS'],
  ['Amiga', 'AmigaOS Amiga'],
  ['Ubuntu', 'Ubuntu Kubuntu'],
  ['Fedora', 'Fedora'],
  ['Debian', 'Debian'],
  ['Mint', 'Linux~Mint'],
  ['Gentoo', 'Gentoo'],
  ['SUSE', 'SUSE openSUSE'],
  ['CentOS', 'CentOS'],
  ['Red Hat', 'Red~Hat RedHat'],
  ['Arch', 'Arch~Linux'],
  ['Mandriva', 'Mandriva'],
  ['Linux', 'Linux X11 linux']
]

/** Kinds of device that a word settles; else the system and the model do. */
export const devices: readonly (readonly [device: string, words: string])[] = [
  ['console', 'Xbox PLAYSTATION PlayStation PSP Nintendo NintendoBrowser Steam~Deck'],
  [
    'tv',
    'SMART-TV SmartTV SmartTv Smart-TV SmartTvA TV GoogleTV AndroidTV AppleTV tvOS HbbTV HBBTV NetCast CrKey Roku RokuOS RokuBrowser ' +
      'BRAVIA Bravia Web0S webOSTV WebOSTV webOS.TV VIDAA Vidaa TiVoOS NETTV DTV OIPF CE-HTML InettvBrowser LOH Viera AQUOSBrowser POV_TV ' +
      'OMI VIZIO-DTV VIZIO WPE BrightSign SmartCast Chromecast smarttv SMARTTV TV~Bro'
  ],
  [
    'other',
    'watchOS Watch~OS Apple~Watch OculusBrowser Quest PicoBrowser Mobile~VR Tesla TeslaBrowser QtCarBrowser'
  ],
  ['tablet', `${pads} PlayBook Silk Silk-Accelerated Kindle TouchPad Xoom`],
  [
    'phone',
    `${phones} FBIOS IEMobile Windows~Phone Windows~CE Windows~Mobile WindowsPhone WindowsCE WPDesktop wds BB10 KAIOS KaiOS`
  ]
]

/** Windows by the number of its kernel. 10 and 11 give the same one. */
export const windowsVersions: Readonly<Record<string, string>> = {
  '10.0': '10/11',
  '6.4': '10/11',
  '6.3': '8.1',
  '6.2': '8',
  '6.1': '7',
  '6.0': 'Vista',
  '5.2': 'XP',
  '5.1': 'XP',
  '5.01': '2000',
  '5.0': '2000',
  '4.0': 'NT 4.0'
}
