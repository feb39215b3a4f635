import { discordChannel } from '../../../../channels/discord/index.ts'
import type { ChannelAdapter } from '../../../../src/channel/contract.ts'
import type { ChannelSubject, SendFault, StandIn } from '../../channel-subject.ts'
import { discordCells } from './cells.ts'
import { discordObjections } from './described.ts'
import { discordFaults } from './faults.ts'
import { type DiscordPlatform, discordToken, startDiscord } from './platform.ts'
import type { Channel, User } from './state.ts'

interface Place {
  readonly platform: DiscordPlatform
  readonly thread: Channel
  readonly customer: User
}

/** For the contract suite: a customer in a private thread of a support channel. */
export async function openDiscord(): Promise<ChannelSubject> {
  const platform = await startDiscord()
  const door = platform.channel('support')
  const customer = platform.person('Ada')
  const thread = platform.thread(door, 'Where is my parcel?')
  const settings = platform.settings({ supportChannels: [{ id: door.id, open: 'button' }] })
  return {
    adapter: discordChannel as ChannelAdapter,
    settings,
    secrets: [discordToken],
    badSettings: [
      { settings: null, field: '' },
      { settings: {}, field: 'token' },
      { settings: { ...settings, token: 'two words of some length' }, field: 'token' },
      { settings: { ...settings, apiUrl: 'ftp://discord.test' }, field: 'apiUrl' },
      { settings: { ...settings, supportChannels: [{ id: 'general' }] }, field: 'supportChannels.0.id' },
      {
        settings: { ...settings, supportChannels: [{ id: door.id, open: 'always' }] },
        field: 'supportChannels.0.open',
      },
      { settings: { ...settings, staffRoles: ['@staff'] }, field: 'staffRoles.0' },
      { settings: { ...settings, surprise: true }, field: 'surprise' },
    ],
    thread: { key: `${door.id}/${thread.id}`, kind: 'privateThread', audience: 'private' },
    otherPlaces: [
      { key: `${door.id}/1`, kind: 'thread', audience: 'public' },
      { key: '2', kind: 'direct', audience: 'private' },
    ],
    standIn: { ...standInOf({ platform, thread, customer }), cells: discordCells(platform, thread, customer) },
    sendFaults: Object.values(discordFaults).map(
      (fault): SendFault => ({
        name: fault.name,
        means: fault.means,
        effect: fault.effect,
        arm: () => void platform.state.sendFaults.push(fault),
      }),
    ),
    close: async () => {
      await platform.close()
      const objections = discordObjections(platform.state)
      if (objections.length > 0) throw new Error(objections.join('\n'))
    },
  }
}

function standInOf({ platform, thread, customer }: Place): StandIn {
  const { state, gateway } = platform
  const said: string[] = []
  const rest = nonsense(thread)
  return {
    say: (text) => void said.push(platform.write(thread, customer, text).id),
    acknowledged: () => said.filter((id) => gateway.sessions.some((session) => isAcknowledged(session, id))).length,
    sayNonsense: () => {
      const next = rest.shift()
      if (next === undefined) return false
      if (typeof next === 'string') gateway.raw(next)
      else platform.utter(next.t, next.d)
      return true
    },
    speakAsUs: (text) => void platform.write(thread, state.bot, text),
    held: () => platform.held(thread.id),
    refuseCredentials: () => {
      state.refusesCredentials = true
    },
    dropIdle: () => platform.dropIdle(),
  }
}

/** Told in the session and acknowledged there; or told before it, and the session was kept, which follows the history. */
function isAcknowledged(session: DiscordPlatform['gateway']['sessions'][number], id: string): boolean {
  if (session.acknowledged === 0) return false
  const told = session.kept.find((one) => one.t === 'MESSAGE_CREATE' && (one.d as { id?: unknown }).id === id)
  return told ? session.acknowledged >= told.s : BigInt(id) < BigInt(session.id)
}

function nonsense(thread: Channel): (string | { t: string; d: unknown })[] {
  const author = { id: '1300000000000000001', username: 'mallory' }
  const message = { id: '1300000000000000002', channel_id: thread.id, guild_id: thread.guild_id, author, content: 'x' }
  const about = (t: string, ...all: unknown[]) => all.map((d) => ({ t, d }))
  return [
    ...about(
      'MESSAGE_CREATE',
      null,
      42,
      'text',
      [],
      {},
      { ...message, id: 'x' },
      { ...message, author: null },
      { ...message, author: { id: -1 } },
    ),
    ...about(
      'MESSAGE_CREATE',
      { ...message, id: '9'.repeat(40) },
      { ...message, channel_id: {} },
      { ...message, guild_id: '12' },
    ),
    ...about('MESSAGE_UPDATE', null, { id: message.id }, { ...message, edited_timestamp: 'yesterday' }),
    ...about('MESSAGE_DELETE', null, { id: [] }),
    ...about('MESSAGE_DELETE_BULK', { ids: 'all' }, { ids: [1, 2], channel_id: thread.id }),
    ...about('MESSAGE_REACTION_ADD', {}, { user_id: '1', channel_id: thread.id, message_id: '1', emoji: null }),
    ...about(
      'INTERACTION_CREATE',
      null,
      {},
      { id: '1', application_id: '1', type: 5, token: 'x', data: { custom_id: 'tributary:form', components: 7 } },
    ),
    ...about('TYPING_START', null, {}),
    ...about('GUILD_CREATE', null, { id: '1', channels: 'none' }, { id: '1', channels: [null, 7] }),
    ...about('THREAD_UPDATE', null, { id: thread.id }),
    ...about('NO_SUCH_THING', { deep: [[[[[]]]]] }),
    ...about('__proto__', { constructor: 'x' }),
    '{"op":99,"d":null}',
    'null',
    'not JSON at all',
  ]
}
