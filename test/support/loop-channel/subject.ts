import type { ChannelSubject, SendFault, StandIn } from '../channel-subject.ts'
import { loopChannel } from './adapter.ts'
import { type LoopPlatform, startLoopPlatform } from './platform.ts'
import { loopFaults } from './platform-faults.ts'
import type { LoopSwitches } from './platform-state.ts'
import type { LoopSettings } from './settings.ts'
import { signLoopWebhook } from './webhook.ts'
import { signatureHeader } from './wire.ts'

const chat = { id: 'chat-1', kind: 'chat', audience: 'private' } as const
const from = { id: 'person-1', name: 'Ada' }

const nonsense: readonly unknown[] = [
  null,
  42,
  'text',
  [],
  {},
  { type: 'message' },
  { type: 'message', id: 'n1', chat: { id: '' }, from: {}, message: 'n1', text: 'x', at: 1 },
  { type: 'no such thing', id: 'n2', chat, at: 1 },
  { type: 'message', id: 'n3', chat, from, message: 'n3', text: { not: 'a text' }, at: 1 },
  { type: 'message', id: 'n4', chat, from, message: 'n4', text: 'x'.repeat(1_000_000), at: 1 },
  { type: 'message', id: 'n5', chat, from, message: 'n5', text: '\ud800 \u0000 half a character', at: 1 },
  { type: 'message', id: 'n6', chat, from, message: 'n6', text: 'timeless', at: Number.MAX_VALUE },
  { type: 'receipt', id: 'n7', chat, message: 'n7', receipt: 'eaten', at: 1 },
  { __proto__: null, constructor: 'x', type: 'edit', id: 'n8', chat, at: 1 },
]

export async function openLoop(
  switches: Partial<LoopSwitches> = {},
  wish: Pick<Partial<LoopSettings>, 'receive'> = {},
): Promise<ChannelSubject> {
  const platform = await startLoopPlatform(switches)
  const settings = platform.settings(wish)
  return {
    adapter: loopChannel,
    settings,
    secrets: [settings.token, settings.webhookSecret],
    badSettings: [
      { settings: null, field: '' },
      { settings: { ...settings, apiUrl: 'not an address' }, field: 'apiUrl' },
      { settings: { ...settings, token: 7 }, field: 'token' },
      { settings: { ...settings, textMax: -1 }, field: 'textMax' },
      { settings: { ...settings, surprise: true }, field: 'surprise' },
    ],
    thread: { key: chat.id, kind: chat.kind, audience: chat.audience },
    standIn: standInOf(platform, settings),
    sendFaults: Object.values(loopFaults).map(
      (fault): SendFault => ({
        name: fault.name,
        means: fault.means,
        effect: fault.effect,
        arm: () => platform.fail(fault),
      }),
    ),
    close: () => platform.close(),
  }
}

function standInOf(platform: LoopPlatform, settings: LoopSettings): StandIn {
  const rest = [...nonsense]
  let spoken = 0
  const message = (text: string) => {
    spoken += 1
    return { type: 'message', chat, from, message: `c${spoken}`, text } as const
  }
  return {
    say: (text) => void platform.happen(message(text)),
    acknowledged: () => platform.state.acknowledged,
    sayNonsense: () => {
      if (rest.length === 0) return false
      platform.utter(rest.shift())
      return true
    },
    speakAsUs: (text) => void platform.happen({ type: 'echo', chat, message: 'own-1', text }),
    held: () => platform.state.held.map((one) => one.text),
    webhook: (text) => {
      const update = { ...message(text), id: `hook-${spoken}`, at: 1_770_000_000_000 }
      const body = Buffer.from(JSON.stringify({ updates: [update] }))
      const headers = { [signatureHeader]: signLoopWebhook(settings.webhookSecret, body) }
      return { method: 'POST', query: {}, headers, body }
    },
    refuseCredentials: () => {
      platform.state.refusesCredentials = true
    },
    dropIdle: () => platform.dropIdle(),
  }
}
