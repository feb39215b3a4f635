import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { signLoopWebhook } from '../support/loop-channel/webhook.ts'
import { type LoopUpdate, signatureHeader } from '../support/loop-channel/wire.ts'
import { type Call, untilYes } from './api.ts'
import { type KeepUp, keepingUp } from './backlog.ts'
import type { MailSite } from './mail-site.ts'
import type { Voice } from './platform-site.ts'
import { between } from './random.ts'
import { untilTaken } from './smtp-customer.ts'
import type { ChaosInbox, Stage } from './stage.ts'

/** People who write without end until `stop`, each in a thread of their own, each word only after the last was taken. */
export interface Crowd {
  /** Nobody says anything new; resolves when all that was said is acknowledged. Rejects with what was refused. */
  stop(): Promise<void>
}

export interface CrowdWish {
  /** Threads in each inbox. */
  readonly threads: number
  /** Between two messages of one thread, ms. */
  readonly everyMs: number
}

export function startCustomers(stage: Stage, wish: CrowdWish): Crowd {
  const quiet = new AbortController()
  const keepUp = keepingUp(stage, quiet.signal)
  const people = stage.inboxes.flatMap((inbox) =>
    Array.from({ length: wish.threads }, (_, index) =>
      customer(stage, inbox, `c${index + 1}`, { ...wish, quiet: quiet.signal, keepUp }),
    ),
  )
  // Looked at in stop(); until then a rejection must not end the harness.
  for (const person of people) person.catch(() => {})
  return {
    stop: async () => {
      quiet.abort()
      await Promise.all(people)
    },
  }
}

async function customer(
  stage: Stage,
  inbox: ChaosInbox,
  name: string,
  { everyMs, quiet, keepUp }: CrowdWish & { readonly quiet: AbortSignal; readonly keepUp: KeepUp },
): Promise<void> {
  const place = `${inbox.name}-${name}`
  const speak = await voiceIn(stage, inbox, place)
  for (let n = 1; !quiet.aborted; n += 1) {
    const text = `${place} says ${n}`
    stage.ledger.say({ inbox: inbox.id, place, n, text })
    await speak(text)
    await pause(between(stage.random, 0.5, 1.5) * everyMs)
    await keepUp(inbox.id)
  }
}

/** Longer than any campaign's worst recovery: who was not taken by then was lost. */
const patienceMs = 180_000

export async function voiceIn(stage: Stage, inbox: ChaosInbox, place: string): Promise<Voice> {
  if (inbox.site) return inbox.site.join(place)
  if (inbox.mail) return mailVoice(stage, inbox.mail, place)
  return inbox.platform ? platformVoice(stage, inbox, place) : visitorVoice(stage, inbox)
}

function platformVoice(stage: Stage, inbox: ChaosInbox, place: string): Voice {
  const { platform } = inbox
  if (!platform) throw new Error('no platform')
  let spoken = 0
  return async (text) => {
    spoken += 1
    const happening = {
      type: 'message',
      chat: { id: place },
      from: { id: `person-${place}`, name: place },
      message: `${place}-${spoken}`,
      text,
    } as const
    const id = `${place}:${spoken}`
    // A poll acknowledges later, by asking for what comes after: that is read from the platform at the end.
    if (inbox.door === 'polling') return void platform.happen(happening, id)
    const update: LoopUpdate =
      inbox.door === 'both' ? platform.happen(happening, id) : { ...happening, id, at: Date.now() }
    await untilYes(stage.where, hookCall(inbox, update), AbortSignal.timeout(patienceMs))
    stage.ledger.acknowledge(text)
  }
}

export function hookCall(inbox: Pick<ChaosInbox, 'id' | 'platform'>, update: LoopUpdate): Call {
  const body = JSON.stringify({ updates: [update] })
  const secret = inbox.platform?.state.switches.webhookSecret ?? ''
  const headers = { [signatureHeader]: signLoopWebhook(secret, body) }
  return { method: 'POST', path: `/hooks/${inbox.id}`, body, headers }
}

/** So many of a customer's servers do not wait for the answer to their mail. */
const hangUps = 0.15

function mailVoice(stage: Stage, site: MailSite, place: string): Voice {
  const from = `${place}@customers.test`
  const ids: string[] = []
  return async (text) => {
    const id = `<${place}.${ids.length + 1}@customers.test>`
    const raw = [
      `From: ${place} <${from}>`,
      `To: <${site.address}>`,
      `Subject: ${ids.length === 0 ? '' : 'Re: '}A question of ${place}`,
      `Message-ID: ${id}`,
      ...(ids.length === 0 ? [] : [`In-Reply-To: ${ids.at(-1)}`, `References: ${ids.slice(-10).join(' ')}`]),
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      '',
      text,
      '',
    ].join('\r\n')
    ids.push(id)
    const manners = { patienceMs, hangsUp: stage.random() < hangUps }
    await untilTaken(site.doorPort, { from, to: site.address, raw }, manners)
    stage.ledger.acknowledge(text)
  }
}

async function visitorVoice(stage: Stage, inbox: ChaosInbox): Promise<Voice> {
  const base = `/widget/v1/${inbox.id}`
  const giveUp = () => AbortSignal.timeout(patienceMs)
  const session = (await untilYes(stage.where, { method: 'POST', path: `${base}/session`, body: {} }, giveUp())) as {
    visitorToken: string
  }
  return async (text) => {
    const body = { clientId: randomUUID(), text }
    await untilYes(
      stage.where,
      { method: 'POST', path: `${base}/messages`, token: session.visitorToken, body },
      giveUp(),
    )
    stage.ledger.acknowledge(text)
  }
}

/** What polled platforms know to be received counts as acknowledged too; what a stand-in was told stays there until it is. */
export function collectPolled(stage: Stage): void {
  const sites = new Set(stage.inboxes.flatMap(({ id, site }) => (site ? [id] : [])))
  for (const { inbox, text } of stage.ledger.said) if (sites.has(inbox)) stage.ledger.acknowledge(text)
  for (const inbox of stage.inboxes) {
    const state = inbox.platform?.state
    if (!state || inbox.door === 'webhook') continue
    for (const update of state.updates.slice(0, state.acknowledged) as LoopUpdate[]) {
      if (update.type === 'message') stage.ledger.acknowledge(update.text)
    }
  }
}
