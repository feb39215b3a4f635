import { createXChannel } from '../../../../channels/x/index.ts'
import type { ChannelAdapter, ThreadRef } from '../../../../src/channel/contract.ts'
import type { ChannelSubject, StandIn } from '../../channel-subject.ts'
import { envelope, signedHeaders } from './activity.ts'
import { xCells } from './cells.ts'
import { xObjections } from './described.ts'
import { xFaults } from './faults.ts'
import { startXPlatform, type XPlatform } from './platform.ts'
import { ada, pair } from './state.ts'

export type XPlace = 'dm' | 'post'

/** Answers at once, for those who do not want to wait a minute. */
export const quickX = createXChannel({ pollMs: 20, reconcileMs: 20 }) as ChannelAdapter

const nonsense: readonly unknown[] = [
  null,
  42,
  'text',
  [],
  {},
  { id: 'not a number' },
  { id: '1', event_type: 'MessageCreate' },
  { id: '2', event_type: 'ParticipantsJoin', created_at: '2026-03-02T09:00:00Z' },
  {
    id: '3',
    event_type: 'MessageCreate',
    text: { not: 'a text' },
    sender_id: '4',
    dm_conversation_id: '4-5',
    created_at: 'x',
  },
  { id: '99999999999999999999999999999', text: 'x', author_id: '1', created_at: '2026-03-02T09:00:00Z' },
  { id: '4', text: 'x'.repeat(1_000_000), author_id: '', created_at: '2026-03-02T09:00:00Z' },
  { id: '5', text: '\ud800 \u0000', author_id: {}, entities: { urls: [{ url: '', expanded_url: '' }, null, 7] } },
  { __proto__: null, constructor: 'x', id: '6', edit_history_post_ids: 'none' },
]

/** One of the two places of an account; the other is switched off, so that the agreement can be proven of each. */
export async function openX(place: XPlace, receive: 'polling' | 'webhook' = 'polling'): Promise<ChannelSubject> {
  const platform = await startXPlatform()
  const settings = {
    ...platform.settings(receive === 'webhook' ? 'both' : 'oauth1'),
    receive,
    directMessages: place === 'dm',
    mentions: place === 'post',
  }
  const seen = { cursor: 0n }
  if (place === 'post') await conversation(platform)
  return {
    adapter: observed(seen),
    settings,
    secrets: secretsOf(platform),
    badSettings: [
      { settings: null, field: '' },
      { settings: {}, field: 'apiKey' },
      { settings: { ...settings, apiUrl: 'not an address' }, field: 'apiUrl' },
      { settings: { ...settings, accessSecret: undefined }, field: 'accessSecret' },
      { settings: { ...settings, clientId: 'c', refreshToken: undefined }, field: 'refreshToken' },
      { settings: { ...settings, directMessages: false, mentions: false }, field: 'directMessages' },
      { settings: { ...settings, pollSeconds: 5 }, field: 'pollSeconds' },
      { settings: { ...settings, surprise: true }, field: 'surprise' },
    ],
    thread: threadOf(platform, place),
    otherPlaces: [
      { key: `post:1:${ada.id}`, kind: 'post', audience: 'public' },
      { key: `unasked:1:${ada.id}`, kind: 'unasked', audience: 'public' },
      { key: 'encrypted:1', kind: 'encrypted', audience: 'private' },
    ],
    standIn: { ...standInOf(platform, place, seen), cells: xCells(platform, place) },
    sendFaults: Object.values(xFaults).map((fault) => ({ ...fault, arm: () => platform.fail(fault) })),
    close: async () => {
      await platform.close()
      const objections = xObjections(platform.state)
      if (objections.length > 0) throw new Error(objections.join('\n'))
    },
  }
}

/** A post of ours and an answer to it from before the inbox began: what we write answers that. */
async function conversation(platform: XPlatform): Promise<void> {
  const root = await platform.postFromApp('We are here to help.')
  const first = await platform.post('good to know', { replyTo: root.id })
  platform.state.posts[1] = { ...first, at: -1 }
}

function threadOf({ state }: XPlatform, place: XPlace): ThreadRef {
  if (place === 'dm') return { key: `dm:${pair(ada.id, state.me.id)}`, kind: 'dm', audience: 'private' }
  return { key: `post:${state.posts[0]?.id}:${ada.id}`, kind: 'post', audience: 'public' }
}

export function secretsOf({ state }: XPlatform): string[] {
  const { apiSecret, accessToken, accessSecret, clientSecret, refreshToken } = state.credentials
  return [apiSecret, accessToken, accessSecret, clientSecret, refreshToken]
}

/** X keeps no books of what was received: what never comes again is what the committed cursor says. */
function observed(seen: { cursor: bigint }): ChannelAdapter {
  return {
    ...quickX,
    connect: async (settings, env) => {
      const connection = await quickX.connect(settings, env)
      return {
        ...connection,
        receive: (since, sink, signal) => {
          const commit: typeof sink.commit = async (batch) => {
            const result = await sink.commit(batch)
            const { dm, mention } = (batch.cursor ?? {}) as { dm?: string; mention?: string }
            seen.cursor = BigInt(dm ?? mention ?? seen.cursor)
            return result
          }
          return connection.receive(since, { ...sink, commit }, signal)
        },
      }
    },
  }
}

function standInOf(platform: XPlatform, place: XPlace, seen: { cursor: bigint }): StandIn {
  const { state } = platform
  const rest = [...nonsense]
  const said: string[] = []
  // The post that opened the conversation is older than anything sent.
  const all = () =>
    place === 'dm'
      ? state.dms.map(({ sender, text }) => ({ from: sender, text }))
      : state.posts.slice(1).map(({ author, text }) => ({ from: author, text }))
  return {
    say: async (text) => {
      const root = state.posts[0]
      const made =
        place === 'dm' ? await platform.dm(text) : await platform.post(text, root ? { replyTo: root.id } : {})
      said.push(made.id)
    },
    acknowledged: () => said.filter((id) => BigInt(id) <= seen.cursor).length,
    sayNonsense: () => {
      if (rest.length === 0) return false
      state.anything.push(rest.shift())
      return true
    },
    ...(place === 'dm' && { speakAsUs: async (text: string) => void (await platform.dmFromApp(text)) }),
    held: () => all().flatMap(({ from, text }) => (from === state.me.id ? [text] : [])),
    webhook: (text) => {
      const event = {
        type: 'message_create',
        id: '2080765901528535096',
        created_timestamp: '1784928224372',
        message_create: { target: { recipient_id: state.me.id }, sender_id: ada.id, message_data: { text } },
      }
      const body = Buffer.from(
        JSON.stringify(envelope(state, 'dm.received', { direct_message_events: [event], users: {} })),
      )
      return { method: 'POST', query: {}, headers: signedHeaders(state, body), body }
    },
    refuseCredentials: () => {
      state.refusesCredentials = true
    },
    dropIdle: () => platform.dropIdle(),
  }
}
