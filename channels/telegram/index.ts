import type { ChannelAdapter, ChannelConnection, ChannelEnv } from '../../src/channel/contract.ts'
import { openCalls, type TelegramApi, target, whoAmI } from './api.ts'
import { capabilities } from './capabilities.ts'
import { download } from './download.ts'
import { createReader, poll } from './receive.ts'
import { render } from './render.ts'
import { editPart, reactTo, removeMessage, sendPart } from './send.ts'
import { parseSettings, settingsSchema, type TelegramSettings } from './settings.ts'
import { handleWebhook, register } from './webhook.ts'
import { instructions, translations } from './words.ts'

export const telegramChannel: ChannelAdapter<TelegramSettings> = {
  id: 'telegram',
  name: 'Telegram',
  icon:
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" ' +
    'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"><path d="M21 4 2.5 11.2l5.8 2.1L18 7l-7.3 7.7' +
    '-.7 5.3 3.2-3.5 4.6 3.3z"/></svg>',
  settingsSchema,
  asksPrivacyPage: true,
  instructions,
  translations,
  parseSettings,
  capabilities,
  render: (content) => render(content),
  connect,
}

/** For calls that have no signal of their own. */
const patienceMs = 10_000

async function connect(settings: TelegramSettings, env: ChannelEnv): Promise<ChannelConnection> {
  const calls = await openCalls(settings)
  const bot = await whoAmI(calls, AbortSignal.timeout(patienceMs))
  const api: TelegramApi = { ...calls, settings, env, bot, moved: new Map(), refusedUntil: new Map() }
  return {
    ...receiving(api),
    send: (request, signal) => sendPart(api, request, signal),
    edit: (request, signal) => editPart(api, request, signal),
    remove: (request, signal) => removeMessage(api, request, signal),
    react: (request, signal) => reactTo(api, request, signal),
    showTyping: async (thread) => {
      const typing = { ...target(api, thread).where, action: 'typing' }
      await api.ask('sendChatAction', typing, AbortSignal.timeout(patienceMs))
    },
    download: (attachment, signal) => download(api, attachment, signal),
    close: async () => {},
    privateDoor: ({ audience }) => (audience === 'private' ? null : `https://t.me/${bot.username}?start=private`),
  }
}

function receiving(api: TelegramApi): Pick<ChannelConnection, 'receive' | 'handleWebhook'> {
  if (api.settings.receive === 'polling') {
    return { receive: (since, sink, signal) => poll(api, since, sink, signal) }
  }
  const reader = createReader(api)
  return {
    receive: (_since, sink, signal) => register(api, sink, signal),
    handleWebhook: (request, sink) => handleWebhook(api, reader, request, sink),
  }
}
