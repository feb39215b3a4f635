import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import type { Cursor, InboundSink } from '../../src/channel/contract.ts'
import { within } from '../../src/channel/deadline.ts'
import { ChannelError } from '../../src/channel/errors.ts'
import type { TelegramApi } from './api.ts'
import { tellCommands } from './commands.ts'
import { type Parsed, parseUpdates } from './parse.ts'
import { allowedUpdates, botShape, updateShape } from './wire.ts'

const pollSeconds = 50
const pageSize = 100
const albumWaits = 5
const albumMs = 400
const albumsRemembered = 100
const answerMs = 5_000
/** Telegram keeps what nobody fetched for a day; a bot that is quiet for a week counts its updates anew, from anywhere. */
const dayMs = 24 * 3_600_000
/** So often a quiet bot's cursor says that we were here. */
const restMs = 3_600_000

/** `at`: when the last update came, `seenAt`: when we last asked; ms since 1970. */
const cursorShape = z.object({ offset: z.int(), at: z.number(), seenAt: z.number() })

/** Asking from an offset acknowledges everything before it: so the offset moves only behind a resolved commit. */
export async function poll(api: TelegramApi, since: Cursor, sink: InboundSink, signal: AbortSignal): Promise<void> {
  try {
    // A bot has one way of being told. What waits stays.
    await api.ask('deleteWebhook', {}, signal)
    await Promise.all([pollOn(api, since, sink, signal), tellCommands(api, signal)])
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

async function pollOn(api: TelegramApi, since: Cursor, sink: InboundSink, signal: AbortSignal): Promise<void> {
  const now = () => api.env.clock().getTime()
  let place = cursorShape.safeParse(since).data ?? { offset: 0, at: 0, seenAt: now() }
  const [begun, seenAt] = [now(), place.seenAt]
  let lookAt = begun
  const reader = createReader(api)
  while (!signal.aborted) {
    if (now() >= lookAt) {
      lookAt = now() + restMs
      sink.warn(await limitsOf(api, seenAt, begun))
    }
    const updates = await fetchBatch(api, now() - place.at < dayMs ? place.offset : 0, signal)
    sink.alive()
    const next = nextOffset(updates)
    if (next === null && now() - place.seenAt < restMs) continue
    const { events, ignored, callbacks } = reader.read(updates)
    place = { offset: next ?? place.offset, at: next === null ? place.at : now(), seenAt: now() }
    await sink.commit({ events, ignored, cursor: place })
    reader.answer(callbacks, signal)
  }
}

/** What cannot be read is acknowledged by the number of what came after it; null: nothing came. */
function nextOffset(updates: readonly unknown[]): number | null {
  const ids = updates.flatMap((update) => updateShape.safeParse(update).data?.update_id ?? [])
  if (updates.length === 0) return null
  if (ids.length === 0) throw new ChannelError({ kind: 'unavailable' }, 'Telegram sent updates that cannot be read.')
  return Math.max(...ids) + 1
}

/** An album has no end mark: what may still belong to it is waited for before anything is acknowledged. */
async function fetchBatch(api: TelegramApi, offset: number, signal: AbortSignal): Promise<unknown[]> {
  let updates = await getUpdates(api, offset, pollSeconds, signal)
  for (let tries = 0; tries < albumWaits && updates.length < pageSize && endsInAlbum(updates); tries += 1) {
    // Telegram itself waits only while there is nothing to tell.
    await pause(albumMs, undefined, { signal })
    const more = await getUpdates(api, offset, 0, signal)
    if (more.length <= updates.length) break
    updates = more
  }
  return updates
}

const endsInAlbum = (updates: readonly unknown[]) =>
  updateShape.safeParse(updates.at(-1)).data?.message?.media_group_id !== undefined

async function getUpdates(api: TelegramApi, offset: number, timeout: number, signal: AbortSignal): Promise<unknown[]> {
  // The library's own deadline is 500 s: a half-open connection would stall for as long.
  const query = { offset, timeout, limit: pageSize, allowed_updates: allowedUpdates }
  const told = await within((timeout + 15) * 1_000, signal, (until) => api.ask('getUpdates', query, until))
  if (Array.isArray(told)) return told
  throw new ChannelError({ kind: 'unavailable' }, 'Telegram sent an answer that cannot be read.')
}

export type Reader = ReturnType<typeof createReader>

export function createReader(api: TelegramApi) {
  let albums: ReadonlySet<string> = new Set()
  return {
    read: (updates: readonly unknown[]): Parsed => {
      const { settings, bot, env } = api
      const parsed = parseUpdates(updates, { settings, bot, now: env.clock(), albums })
      albums = new Set([...parsed.albums].slice(-albumsRemembered))
      return parsed
    },
    /** Takes the clock off pressed buttons. Must not be called before what they said is committed; nothing waits for it, late is late. */
    answer: (callbacks: readonly string[], signal?: AbortSignal) => {
      for (const id of callbacks) {
        const told = { callback_query_id: id }
        within(answerMs, signal, (until) => api.ask('answerCallbackQuery', told, until)).catch(() => {})
      }
    },
  }
}

/** What an administrator could not see otherwise. A gap stays told for a day, the rest until it is mended at Telegram. */
export async function limitsOf({ settings, ask, env }: TelegramApi, seenAt = Number.POSITIVE_INFINITY, begun = 0) {
  const lost = begun - dayMs
  if (seenAt < lost && env.clock().getTime() < begun + dayMs) {
    const [from, to] = [seenAt, lost].map((at) => new Date(at).toISOString())
    return `Messages between ${from} and ${to} may be missing: Telegram keeps them for 24 hours only.`
  }
  const asked = settings.groups === 'all' && (await ask('getMe', {}, AbortSignal.timeout(answerMs)).catch(() => null))
  if (botShape.safeParse(asked).data?.can_read_all_group_messages !== false) return null
  return 'The bot sees only mentions, commands and replies in groups: send /setprivacy to @BotFather, choose Disable, and add the bot to its groups again.'
}
