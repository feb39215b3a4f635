import { isListed } from '../../src/channel/address-range.ts'
import type { ChannelEnv, InboundEvent, InboundSink } from '../../src/channel/contract.ts'
import { createIntake, type Intake } from './intake.ts'
import { checkSender, type Resolve, type SenderChecks } from './sender-checks.ts'
import type { EmailSettings, ListenSettings } from './settings.ts'
import { type DeliveredMail, openMailDoor } from './smtp-door.ts'

export interface SmtpInbox {
  readonly settings: EmailSettings
  readonly listen: ListenSettings
  readonly env: ChannelEnv
  readonly resolve: Resolve
}

/** Other servers deliver here directly: what is not committed stays with them, so there is no cursor. */
export async function receiveSmtp(
  { settings, listen, env, resolve }: SmtpInbox,
  sink: InboundSink,
  signal: AbortSignal,
): Promise<void> {
  const intake = createIntake(settings, env)
  const { door, leave } = await env.listen(listen, () => openMailDoor(listen, env.clock, env.log))
  const commits = createCommits(sink)
  const failed = new Promise<never>((_, reject) => commits.onRefused(reject))
  const dismiss = door.admit(settings.address, async (mail) => {
    const now = env.clock()
    const relayed = isListed(mail.remoteAddress, settings.relays)
    // What a relay of the operator's found out is better: it saw who connected. Anybody else can write the same header.
    const believed = relayed && settings.authservId !== undefined
    const checks = believed ? undefined : await checkSender(mail, { resolve, log: env.log, relayed })
    const taken = await takeIn(intake, { ...mail, ...(checks && { checks }) }, now)
    await commits.add(taken)
  })
  try {
    sink.alive()
    await Promise.race([failed, aborted(signal)])
  } finally {
    dismiss()
    await leave()
    await intake.close()
  }
}

type Taken = Awaited<ReturnType<Intake['take']>>

/** What the envelope says is written before the mail, as any server that delivers it does. */
function takeIn(intake: Intake, mail: DeliveredMail & { readonly checks?: SenderChecks }, now: Date): Promise<Taken> {
  const trace =
    `Return-Path: <${oneLine(mail.mailFrom)}>\r\nDelivered-To: ${oneLine(mail.recipient)}\r\n` +
    `Received: from ${oneLine(mail.helo)} ([${oneLine(mail.remoteAddress)}]) for <${oneLine(mail.recipient)}>; ${now.toUTCString()}\r\n`
  const raw = Buffer.concat([Buffer.from(trace), mail.raw])
  return intake.take({ raw, folder: 'inbox', receivedAt: now, ...(mail.checks && { authentication: mail.checks }) })
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}<>]+/gu, '').slice(0, 320)
}

interface Commits {
  /** Resolves once it is stored. */
  add(taken: Taken): Promise<void>
  onRefused(tell: (error: unknown) => void): void
}

interface Waiting {
  readonly taken: Taken
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

// In one commit; more would only wait longer for each other.
const mostTogether = 50

/** What comes while a commit runs goes together into the next one: a lone mail waits for nobody. */
function createCommits(sink: InboundSink): Commits {
  const queue: Waiting[] = []
  let running = false
  let refused: (error: unknown) => void = () => {}

  async function run(): Promise<void> {
    running = true
    while (queue.length > 0) {
      const together = nextOf(queue)
      const events = together.flatMap(({ taken }) => ('event' in taken ? [taken.event] : []))
      const ignored = together.flatMap(({ taken }) => ('ignored' in taken ? [{ reason: taken.ignored }] : []))
      try {
        await sink.commit(ignored.length > 0 ? { events, ignored } : { events })
        for (const { resolve } of together) resolve()
      } catch (error) {
        for (const { reject } of together) reject(error)
        refused(error)
      }
    }
    running = false
  }

  return {
    add: (taken) =>
      new Promise((resolve, reject) => {
        queue.push({ taken, resolve, reject })
        if (!running) void run()
      }),
    onRefused: (tell) => {
      refused = tell
    },
  }
}

/** The same mail twice at once: the second waits for the first, whose row it then finds. */
function nextOf(queue: Waiting[]): Waiting[] {
  const seen = new Set<string>()
  const count = queue.findIndex(({ taken }, index) => index >= mostTogether || !isNew(seen, taken))
  return queue.splice(0, count < 1 ? queue.length : count)
}

function isNew(seen: Set<string>, taken: Taken): boolean {
  if (!('event' in taken)) return true
  const { eventId }: InboundEvent = taken.event
  return !seen.has(eventId) && seen.add(eventId) !== undefined
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
