import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { type MeasuredServer, urlOf } from '../bench/server.ts'
import { type AppProcess, freePort, startApp } from '../support/app-process.ts'
import { type LoopPlatform, startLoopPlatform } from '../support/loop-channel/platform.ts'
import type { LoopSwitches } from '../support/loop-channel/platform-state.ts'
import { untilYes } from './api.ts'
import { campaignDatabase, lookInto } from './database.ts'
import { type Ledger, openLedger } from './ledger.ts'
import type { SentMail } from './m5-sent-folder.ts'
import { type MailSite, openMailSite } from './mail-site.ts'
import type { PlatformSite } from './platform-site.ts'
import { type Random, seeded } from './random.ts'
import { type Sabotage, sabotageDatabase } from './sabotage.ts'

/** How an inbox of a campaign is set up: the loop channel in all its switches, the widget, email that comes by SMTP, a real platform's stand-in. */
export interface InboxPlan {
  readonly name: string
  readonly door: 'polling' | 'webhook' | 'both' | 'visitors' | 'mail' | 'platform'
  readonly switches: Partial<LoopSwitches>
  /** Of email only. */
  readonly sent?: SentMail
  /** Of platforms only. */
  readonly open?: () => Promise<PlatformSite>
}

export const loopPlans: readonly InboxPlan[] = [
  { name: 'plain', door: 'polling', switches: {} },
  { name: 'keyed', door: 'polling', switches: { idempotent: true } },
  { name: 'confirming', door: 'webhook', switches: { confirm: true } },
  { name: 'echoing', door: 'both', switches: { echo: true } },
  { name: 'limited', door: 'webhook', switches: { idempotent: true, limits: { thread: { max: 4, windowMs: 400 } } } },
]
export const widgetPlan: InboxPlan = { name: 'widget', door: 'visitors', switches: {} }
export const mailPlan: InboxPlan = { name: 'mail', door: 'mail', switches: {} }

export interface ChaosInbox extends InboxPlan {
  readonly id: string
  /** Of the loop channel only. */
  readonly platform: LoopPlatform | undefined
  /** Of the email channel only. */
  readonly mail: MailSite | undefined
  /** Of Telegram, Discord and X. */
  readonly site: PlatformSite | undefined
}

export interface Stage {
  readonly random: Random
  readonly server: MeasuredServer
  readonly pool: pg.Pool
  readonly ledger: Ledger
  readonly token: string
  readonly inboxes: readonly ChaosInbox[]
  /** One for each node. */
  readonly apps: AppProcess[]
  /** Ledger and logs; kept when something was found. */
  readonly folder: string
  /** Where the first node writes what it holds, at SIGUSR2. */
  readonly lookFile: string
  keep: boolean
  /** The address of a node, the next one at each call. */
  where(): string
  restart(node: number): Promise<AppProcess>
  close(): Promise<void>
}

export interface StageWish {
  readonly campaign: string
  readonly seed: number
  readonly server: MeasuredServer
  readonly plans: readonly InboxPlan[]
  readonly nodes?: number
  readonly sabotage?: Sabotage
  /** Further settings of the program. */
  readonly env?: Readonly<Record<string, string>>
}

export async function openStage(wish: StageWish): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), `tributary-chaos-${wish.campaign}-`))
  const target = await campaignDatabase(wish.server.target, `chaos_${wish.campaign.toLowerCase()}_${process.pid}`)
  const pool = lookInto(target)
  const token = randomBytes(24).toString('hex')
  const env = { ...environment(urlOf(target), folder, token, wish.sabotage), ...wish.env }
  const count = wish.nodes ?? 1
  const ports: number[] = []
  for (let node = 0; node < count; node += 1) ports.push(await freePort())
  const restart = (node: number) =>
    startApp({ env, port: ports[node] ?? 0, logFile: join(folder, `node-${node}.log`) }).then((app) => {
      apps[node] = app
      return app
    })
  const apps: AppProcess[] = []
  let turn = 0
  const where = () => {
    turn += 1
    return `http://127.0.0.1:${ports[turn % count]}`
  }
  for (let node = 0; node < count; node += 1) await restart(node)
  const inboxes = await Promise.all(wish.plans.map((plan) => openInbox(plan, where, token)))
  if (wish.sabotage) await sabotageDatabase(pool, wish.sabotage)
  const stage: Stage = {
    random: seeded(wish.seed),
    server: wish.server,
    pool,
    ledger: openLedger(join(folder, 'ledger.jsonl')),
    token,
    inboxes,
    apps,
    folder,
    keep: false,
    where,
    lookFile: join(folder, lookName),
    restart,
    close: async () => {
      await Promise.all(apps.filter((app) => app.alive()).map((app) => app.signal('SIGKILL')))
      await Promise.all(
        inboxes.flatMap(({ platform, mail, site }) => [platform?.close(), mail?.relay.close(), site?.close()]),
      )
      await pool.end()
      if (!stage.keep) rmSync(folder, { recursive: true, force: true })
    },
  }
  return stage
}

const lookName = 'looks.jsonl'

function environment(url: string, folder: string, token: string, sabotage?: Sabotage): Record<string, string> {
  return {
    DATABASE_URL: url,
    DATA_DIR: join(folder, 'data'),
    SECRET_KEY: 'a key that only campaigns use, 32+ characters',
    API_TOKEN: token,
    OUTBOUND_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'warn',
    CHAOS_LOOK: join(folder, lookName),
    ...(sabotage ? { CHAOS_SABOTAGE: sabotage } : {}),
  }
}

const usualStartMs = 800

/** How much longer things take here than usually, from 1 to 5: what dies before it could do anything proves nothing. */
export function slowness({ apps }: Pick<Stage, 'apps'>): number {
  return Math.min(5, Math.max(1, (apps[0]?.readyMs ?? 0) / usualStartMs))
}

/** Platforms take their time: without it hardly anything would be in flight when something dies. */
export const slowly = () => pause(Math.random() * 40)

/** Runs inside the platform's answer to a send, after its effect; replaces the former. */
export function onAccepted({ platform, mail, sent, site }: ChaosInbox, hook: () => void | Promise<void>): void {
  platform?.onAccepted(hook)
  if (site) site.whims.accepted = hook
  mail?.relay.onTaken(async (letter) => {
    await sent?.file(letter)
    await hook()
  })
}

async function openInbox(plan: InboxPlan, where: () => string, token: string): Promise<ChaosInbox> {
  const { platform, mail, site, ...wish } = await surroundings(plan)
  const body = { name: plan.name, ...wish }
  const call = { method: 'POST', path: '/api/v1/inboxes', token, body } as const
  const answer = (await untilYes(where, call, AbortSignal.timeout(60_000))) as { id?: string; inbox?: { id: string } }
  const id = answer.id ?? answer.inbox?.id
  if (id === undefined) throw new Error(`an inbox without an id: ${JSON.stringify(answer)}`)
  const inbox = { ...plan, id, platform, mail, site }
  onAccepted(inbox, slowly)
  return inbox
}

async function surroundings({ door, switches, sent, open }: InboxPlan) {
  const none = { platform: undefined, mail: undefined, site: undefined }
  if (door === 'visitors') return { ...none, channel: 'widget', settings: { origins: ['http://127.0.0.1'] } }
  if (door === 'mail') {
    const mail = await openMailSite(sent?.imap)
    return { ...none, mail, channel: 'email', settings: mail.settings }
  }
  if (open) {
    const site = await open()
    return { ...none, site, channel: site.channel, settings: site.settings }
  }
  if (door === 'platform') throw new Error('a platform that nobody opens')
  const platform = await startLoopPlatform(switches)
  return { ...none, platform, channel: 'loop', settings: platform.settings({ receive: door, pollMs: 5_000 }) }
}
