import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const places = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Debian's own Chromium; a missing one is an error, never a skipped test. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = places.find((place) => place !== '' && existsSync(place))
  if (!executablePath) throw new Error('There is no Chromium here: apt-get install -y chromium, or set CHROMIUM.')
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
  // Root may not use Chromium's sandbox, and in CI we are root.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({
    executablePath,
    args: [...quiet, ...sandbox, '--disable-component-update', '--disable-sync'],
  })
}

const pictures = fileURLToPath(new URL('../../../test-results/', import.meta.url))

/** Into test-results/, for somebody to look at. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: `${pictures}${name}.png`, animations: 'disabled' })
}

export interface Watched {
  /** Errors of the page's scripts and of its console; a test that expects none asserts so. */
  readonly problems: string[]
}

/** Listens before anything loads. What a test cuts off by itself is no problem of the page. */
export function watch(
  context: BrowserContext,
  ignored: RegExp = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION|WebSocket connection/,
): Watched {
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error' && !ignored.test(message.text())) problems.push(message.text())
  })
  context.on('weberror', (error) => problems.push(String(error.error())))
  return { problems }
}

/** Nothing is wider than the screen. */
export async function fits(page: Page): Promise<void> {
  const root = 'document.documentElement'
  const sideways = await page.evaluate(`${root}.scrollWidth - ${root}.clientWidth`)
  if (sideways !== 0) throw new Error(`${page.url()} scrolls sideways by ${sideways}`)
}

/** What axe objects to, one line each. */
export async function axeProblems(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  return page.evaluate<string[]>(`axe.run().then(({ violations }) =>
    violations.flatMap((one) => one.nodes.map((node) => one.id + ': ' + node.html)))`)
}
