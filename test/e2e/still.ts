import type { Page } from 'playwright-core'

/** Ends transitions and animations until the next navigation: a color that is on its way is that of neither theme. */
export async function holdStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const still = '*, ::before, ::after { transition: none !important; animation: none !important }'
    document.adoptedStyleSheets = [await new CSSStyleSheet().replace(still)]
  })
}
