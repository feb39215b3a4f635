import { type Capabilities, everyFormat } from '../../src/channel/capabilities.ts'
import type { ThreadRef } from '../../src/channel/contract.ts'
import type { DiscordSettings } from './settings.ts'

const messages = 'https://docs.discord.com/developers/resources/message#create-message'
const uploads = 'https://docs.discord.com/developers/reference#uploading-files'

export const textLimit = 2_000
export const fileBytes = 10 * 1024 * 1024
export const filesPerMessage = 10

type Given = Pick<DiscordSettings, 'directMessages' | 'publicKey'>

export const capabilities = ({ directMessages, publicKey }: Given, thread?: ThreadRef): Capabilities => ({
  text: { max: textLimit, unit: 'utf16', source: messages, pace: 'chat' },
  formats: { ...everyFormat, list: 'partial', heading: 'partial' },
  attachments: { out: 'full', in: 'full', maxBytes: fileBytes, maxPerMessage: filesPerMessage, source: uploads },
  privateDoor: directMessages && thread !== undefined && thread.audience !== 'private',
  reply: 'full',
  subject: 'dropped',
  choices: 'full',
  edit: 'full',
  remove: 'full',
  reactions: { in: 'full', out: 'full' },
  typing: { in: 'full', out: 'full' },
  receipts: { delivered: 'dropped', read: 'dropped' },
  markRead: 'dropped',
  startThread: 'rejected',
  idempotentSend: true,
  confirm: true,
  webhook: publicKey !== undefined,
  visitors: false,
  receives: true,
  // Heartbeats are answered every 41 s or so.
  silenceMs: 180_000,
})
