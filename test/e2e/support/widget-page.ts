import type { BrowserContext, Locator, Page } from 'playwright-core'

/** The chat on a page, as a person finds it: by names and roles. Playwright looks through open shadow roots. */
export interface WidgetPage {
  readonly page: Page
  readonly launcher: Locator
  readonly panel: Locator
  readonly box: Locator
  /** The words on the screen, own and others', from top to bottom. */
  words(): Promise<string[]>
  open(): Promise<void>
  say(text: string): Promise<void>
}

export async function widgetPage(context: BrowserContext, url: string): Promise<WidgetPage> {
  const page = await context.newPage()
  await page.goto(url)
  const launcher = page.locator('.tributary .launcher')
  const panel = page.getByRole('dialog')
  const box = panel.getByRole('textbox')
  await launcher.waitFor()
  return {
    page,
    launcher,
    panel,
    box,
    words: () => panel.locator('.message .words').allInnerTexts(),
    async open() {
      await launcher.click()
      await box.waitFor()
    },
    async say(text) {
      await box.fill(text)
      await box.press('Enter')
    },
  }
}
