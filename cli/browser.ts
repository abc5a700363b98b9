import { existsSync, globSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run, which } from './process.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const bundles = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium'
]

/** A Chromium: CHROME_PATH, one on the PATH, an application, or one that Playwright has fetched; null without. */
export function findBrowser(): string | null {
  const chosen = process.env.CHROME_PATH
  if (chosen && !existsSync(chosen)) throw new Error(`CHROME_PATH is ${chosen}: there is no such file`)
  if (chosen) return chosen
  return names.map(which).find(Boolean) ?? bundles.find(existsSync) ?? findPlaywrights()
}

function findPlaywrights(): string | null {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH ?? '',
    join(homedir(), '.cache/ms-playwright'),
    join(homedir(), 'Library/Caches/ms-playwright')
  ].filter(Boolean)
  const places = [
    'chromium-*/chrome-linux*/chrome',
    'chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium'
  ]
  const found = caches.flatMap((cache) => globSync(places.map((place) => join(cache, place))))
  return found.sort().at(-1) ?? null
}

/** Finds a Chromium, or installs Debian's where that is allowed. */
export async function needBrowser(): Promise<string> {
  const found = findBrowser()
  if (found) return found
  if (process.getuid?.() !== 0 || !which('apt-get'))
    throw new Error('The tests need Chromium: install it, or name one in CHROME_PATH')
  console.log("Installing Debian's chromium …")
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env })
  return findBrowser() ?? '/usr/bin/chromium'
}
