import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { hashPassword } from '../../../src/security/password.ts'
import { createAgent } from '../../../src/store/agent.ts'
import type { TestDatabase } from '../../support/database.ts'
import { addMember } from '../../support/factories.ts'
import type { VisitorApp } from '../../support/visitor-app.ts'
import { watch } from './browser.ts'

export const webRoot = fileURLToPath(new URL('../../../web/dist', import.meta.url))
export const widgetRoot = fileURLToPath(new URL('../../../dist/widget', import.meta.url))

export function requireBuilt(): void {
  if (!existsSync(`${webRoot}/index.html`)) throw new Error('The inbox is not built: npm run build.')
  if (!existsSync(`${widgetRoot}/widget.js`)) throw new Error('The widget is not built: npm run build.')
}

export const password = 'correct horse battery'

export interface AgentWish {
  readonly name: string
  readonly role?: 'admin' | 'supervisor' | 'agent'
  readonly inboxId?: string
}

export async function hire({ db }: TestDatabase, { name, role = 'agent', inboxId }: AgentWish): Promise<string> {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@northstar.example`
  const agent = await createAgent(db.pool, { email, name, role, passwordHash: await hashPassword(password) })
  if (inboxId) await addMember(db.pool, inboxId, agent.id)
  return email
}

/** The inbox as one agent has it before them: found by names and roles, as a person finds it. */
export interface InboxPage {
  readonly context: BrowserContext
  readonly page: Page
  readonly problems: string[]
  readonly list: Locator
  /** The open conversation. */
  readonly log: Locator
  readonly box: Locator
  row(words: string): Locator
  go(path: string): Promise<void>
  /** Types and sends; resolves once these words of it are painted: Markdown is seen as typed only until it is stored. */
  reply(text: string, words?: string): Promise<void>
  close(): Promise<void>
}

export interface DeskWish {
  readonly email?: string
  readonly path?: string
  readonly look?: BrowserContextOptions
}

export async function openInbox(browser: Browser, app: Pick<VisitorApp, 'url'>, wish: DeskWish): Promise<InboxPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...wish.look })
  const { problems } = watch(context, /ERR_|status of (401|409|503)|WebSocket connection/)
  const page = await context.newPage()
  if (wish.email) {
    const answer = await context.request.post(`${app.url}/api/v1/session`, { data: { email: wish.email, password } })
    if (!answer.ok()) throw new Error(`no sign-in: ${await answer.text()}`)
  }
  const go = async (path: string) => {
    await page.goto(app.url + path)
  }
  await go(wish.path ?? '/inbox/all')
  const box = page.getByRole('textbox', { name: /^(Reply|Note for colleagues|回复|给同事的备注)$/ })
  const log = page.getByRole('log')
  return {
    context,
    page,
    problems,
    list: page.getByRole('region', { name: /^(Conversations|会话)$/ }),
    log,
    box,
    row: (words) =>
      page
        .getByRole('region', { name: /^(Conversations|会话)$/ })
        .getByRole('link')
        .filter({ hasText: words }),
    go,
    async reply(text, words = text) {
      await box.fill(text)
      await box.press('Control+Enter')
      await log.getByText(words).first().waitFor()
    },
    close: () => context.close(),
  }
}
