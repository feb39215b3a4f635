import { setTimeout as pause } from 'node:timers/promises'
import type { ChannelConnection } from '../channel/contract.ts'
import { ChannelError, SettingsError } from '../channel/errors.ts'
import { createChannelEnv } from '../ingest/channel-env.ts'
import { checkSettings, unsealSettings } from '../ingest/inbox-settings.ts'
import { adapterOf } from '../ingest/save-inbox.ts'
import { getInbox } from '../store/inbox.ts'
import type { InboxTest, InboxTestResult } from '../wire/inbox.ts'
import type { HttpDeps } from './deps.ts'
import { notFound } from './http-error.ts'

const TIMEOUT_MS = 20_000

/** Would these settings connect? Connects once and closes; stores nothing. */
export async function testInbox(deps: HttpDeps, input: InboxTest): Promise<InboxTestResult> {
  const inbox = input.id === undefined ? null : await getInbox(deps.db.pool, input.id)
  if (input.id !== undefined && (!inbox || inbox.channel !== input.channel)) throw notFound('This inbox')
  try {
    const adapter = adapterOf(deps.channels, input.channel)
    const current = inbox ? unsealSettings(deps.sealer, inbox) : undefined
    const { channel } = checkSettings(adapter, input.settings, current)
    const settings = adapter.parseSettings(channel)
    const env = createChannelEnv(deps, inbox ?? { id: '0', importFrom: deps.clock() }, adapter, settings)
    // Of an inbox that is not stored yet there is nothing to lock and nowhere to keep what a try brings.
    await connectOnce(
      adapter.connect(
        settings,
        inbox ? env : { ...env, rotateCredentials: (next) => next(structuredClone(channel) as never) },
      ),
    )
    return { ok: true, message: `${adapter.name} accepts these settings.` }
  } catch (error) {
    if (error instanceof SettingsError) return { ok: false, field: error.field, message: error.message, ...error.fault }
    if (error instanceof ChannelError) return { ok: false, failure: error.failure.kind, message: error.message }
    throw error
  }
}

async function connectOnce(connecting: Promise<ChannelConnection>): Promise<void> {
  const late = new AbortController()
  const timeout = pause(TIMEOUT_MS, 'late' as const, { signal: late.signal })
  const closing = connecting.then((connection) => connection.close())
  // Whoever loses the race must not become an unhandled rejection.
  closing.catch(() => {})
  timeout.catch(() => {})
  const first = await Promise.race([closing, timeout]).finally(() => late.abort())
  if (first === 'late')
    throw new ChannelError({ kind: 'unavailable' }, `No answer within ${TIMEOUT_MS / 1000} seconds.`)
}
