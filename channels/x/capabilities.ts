import type { Capabilities } from '../../src/channel/capabilities.ts'
import type { ThreadRef } from '../../src/channel/contract.ts'
import type { XSettings } from './settings.ts'

export const dmLimit = 10_000
export const postLimit = 280

const dmSource = 'https://docs.x.com/x-api/direct-messages/manage/introduction'
const postSource = 'https://docs.x.com/fundamentals/counting-characters'
const mediaSource = 'https://docs.x.com/x-api/media/quickstart/best-practices'

/** Bytes. X takes videos of 512 MB; this is what can be uploaded within the time that one send has. */
export const largest = { image: 5_000_000, gif: 15_000_000, video: 50_000_000 } as const
export const picturesPerPost = 4

type Reach = Pick<XSettings, 'directMessages' | 'receive'>

/** Two places of one account that can do different things; without a thread, what the inbox is mostly for. */
export function capabilities(settings: Reach, thread?: ThreadRef): Capabilities {
  const isPublic = thread ? thread.audience === 'public' : !settings.directMessages
  const hooked = settings.receive === 'webhook'
  const told = hooked && !isPublic ? 'partial' : 'dropped'
  return {
    text: isPublic
      ? { max: postLimit, unit: 'weighted', source: postSource, pace: 'chat' }
      : { max: dmLimit, unit: 'utf16', source: dmSource, pace: 'chat' },
    formats: plain,
    // Pictures, GIFs and MP4 only.
    attachments: {
      out: 'partial',
      in: 'full',
      maxBytes: largest.video,
      maxPerMessage: isPublic ? picturesPerPost : 1,
      source: mediaSource,
    },
    reply: isPublic ? 'full' : 'dropped',
    subject: 'dropped',
    choices: 'partial',
    edit: 'rejected',
    // Of a direct message X deletes our own view; the customer keeps it.
    remove: isPublic ? 'full' : 'rejected',
    reactions: { in: 'dropped', out: 'rejected' },
    typing: { in: told, out: 'dropped' },
    receipts: { delivered: 'dropped', read: told },
    markRead: 'dropped',
    startThread: 'rejected',
    idempotentSend: false,
    // Direct messages can be read back; our posts cannot.
    confirm: settings.directMessages && !isPublic,
    webhook: hooked,
    visitors: false,
    receives: true,
    silenceMs: 5 * 60_000,
  }
}

const plain = {
  bold: 'dropped',
  italic: 'dropped',
  code: 'dropped',
  codeBlock: 'dropped',
  link: 'partial',
  quote: 'partial',
  list: 'partial',
  heading: 'dropped',
} as const
