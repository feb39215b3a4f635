import { type Capabilities, everyFormat } from '../../src/channel/capabilities.ts'
import type { ThreadRef } from '../../src/channel/contract.ts'
import type { TelegramSettings } from './settings.ts'

/** UTF-16 units, the unit of Telegram's own entity offsets; never less than what the server counts. */
export const textMax = 4_096
export const captionMax = 1_024
export const albumMax = 10
const fileBytes = 50 * 1024 * 1024
const uploads = 'https://core.telegram.org/bots/api#sending-files'
/** Larger pictures are sent as documents. */
export const photoBytes = 10 * 1024 * 1024

export function capabilities(settings: Pick<TelegramSettings, 'receive'>, thread?: ThreadRef): Capabilities {
  const webhook = settings.receive === 'webhook'
  return {
    text: { max: textMax, unit: 'utf16', source: 'https://core.telegram.org/bots/api#sendmessage', pace: 'chat' },
    formats: { ...everyFormat, list: 'partial', heading: 'partial' },
    attachments: { out: 'full', in: 'partial', maxBytes: fileBytes, maxPerMessage: albumMax, source: uploads },
    privateDoor: thread !== undefined && thread.audience !== 'private',
    reply: 'full',
    subject: 'dropped',
    choices: 'full',
    edit: 'full',
    remove: 'partial',
    // In groups only administrators see them; a bot may give one, of Telegram's own list.
    reactions: { in: thread && thread.audience !== 'private' ? 'partial' : 'full', out: 'partial' },
    typing: { in: 'dropped', out: 'full' },
    receipts: { delivered: 'dropped', read: 'dropped' },
    markRead: 'dropped',
    startThread: 'rejected',
    idempotentSend: false,
    confirm: false,
    webhook,
    visitors: false,
    receives: !webhook,
    // A poll is answered after 50 s at the latest and given up after 65 s.
    silenceMs: webhook ? 0 : 180_000,
  }
}
