import type { ImapFlow } from 'imapflow'
import type { ChannelEnv, Cursor, InboundSink } from '../../src/channel/contract.ts'
import type { AccessTokens } from '../../src/channel/held-token.ts'
import { type ImapTiming, imapError, openImap } from './imap-client.ts'
import { type Place, readFolder } from './imap-folder.ts'
import { createIntake, type Intake } from './intake.ts'
import type { EmailSettings, ImapSettings } from './settings.ts'

export interface ImapCursor {
  readonly inbox?: Place
  readonly sent?: Place
}

export interface Mailbox {
  readonly settings: EmailSettings
  readonly imap: ImapSettings
  readonly env: ChannelEnv
  readonly tokens: AccessTokens
  readonly timing: ImapTiming
}

/** One connection waits for news, the other reads; both end with this run. */
export async function receiveImap(
  mailbox: Mailbox,
  since: Cursor,
  sink: InboundSink,
  signal: AbortSignal,
): Promise<void> {
  const intake = createIntake(mailbox.settings, mailbox.env)
  const ended = new AbortController()
  const clients = AbortSignal.any([signal, ended.signal])
  try {
    const connect = () => openImap(mailbox, clients)
    const [watcher, reader] = await orAborted(Promise.all([connect(), connect()]), signal)
    const bell = createBell()
    const work = Promise.all([
      watch(watcher.client, mailbox.imap.mailbox, bell.ring),
      readForever(mailbox, { client: reader.client, intake, sink, signal: clients, bell }, cursorOf(since)),
    ])
    const gone = Promise.race([watcher.gone, reader.gone]).then((reason) => Promise.reject(imapError(reason)))
    await orAborted(Promise.race([work, gone]), signal)
  } catch (error) {
    if (signal.aborted) return
    throw isImapFailure(error) ? imapError(error) : error
  } finally {
    ended.abort()
    await intake.close()
  }
}

interface Reading {
  readonly client: ImapFlow
  readonly intake: Intake
  readonly sink: InboundSink
  readonly signal: AbortSignal
  readonly bell: Bell
}

async function readForever({ imap, env, timing }: Mailbox, reading: Reading, since: ImapCursor): Promise<void> {
  const { client, sink, signal, bell } = reading
  const folders = [
    { folder: 'inbox' as const, path: imap.mailbox },
    ...(imap.sent === undefined ? [] : [{ folder: 'sent' as const, path: imap.sent }]),
  ]
  const given = { ...reading, client, importFrom: env.importFrom, clock: env.clock, stopped: () => signal.aborted }
  let cursor = since
  while (!signal.aborted) {
    for (const { folder, path } of folders) {
      const cursorAt = (place: Place) => ({ ...cursor, [folder]: place })
      const { place } = await readFolder({ ...given, folder, path, cursorAt }, cursor[folder])
      cursor = { ...cursor, [folder]: place }
    }
    sink.alive()
    await bell.wait(timing.roundMs, signal)
  }
}

/** Without this loop news would wait for imapflow's own, slower one. */
async function watch(client: ImapFlow, path: string, ring: () => void): Promise<void> {
  client.on('exists', ring)
  await client.mailboxOpen(path, { readOnly: true })
  ring()
  while (client.usable) await client.idle()
}

interface Bell {
  ring(): void
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** What rings while nobody waits is heard by the next who does. */
function createBell(): Bell {
  let rung = false
  let hear: (() => void) | null = null
  return {
    ring: () => {
      rung = true
      hear?.()
    },
    wait: async (ms, signal) => {
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms)
          timer.unref()
          hear = () => {
            clearTimeout(timer)
            resolve()
          }
          signal.addEventListener('abort', hear, { once: true })
        })
        if (hear) signal.removeEventListener('abort', hear)
        hear = null
      }
      rung = false
    },
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => {})
  return new Promise((resolve, reject) => {
    const stop = () => reject(new Error('aborted'))
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** What imapflow throws carries its words; anything else is not the server's fault. */
function isImapFailure(error: unknown): boolean {
  const { code, responseStatus, serverResponseCode } = error as Record<string, unknown>
  return [code, responseStatus, serverResponseCode].some((one) => typeof one === 'string')
}

function cursorOf(since: Cursor): ImapCursor {
  const { inbox, sent } = (since ?? {}) as Record<'inbox' | 'sent', Partial<Place> | undefined>
  const place = (one: Partial<Place> | undefined, name: string) =>
    typeof one?.uidValidity === 'string' && typeof one.lastUid === 'number' ? { [name]: one as Place } : {}
  return { ...place(inbox, 'inbox'), ...place(sent, 'sent') }
}
