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

export const kinds = [
  { name: 'JPEG', type: 'image/jpeg', maxBytes: largest.image },
  { name: 'PNG', type: 'image/png', maxBytes: largest.image },
  { name: 'WebP', type: 'image/webp', maxBytes: largest.image },
  { name: 'GIF', type: 'image/gif', maxBytes: largest.gif },
  { name: 'MP4', type: 'video/mp4', maxBytes: largest.video },
  { name: 'MOV', type: 'video/quicktime', maxBytes: largest.video },
]

const quarterMs = 15 * 60_000
const dms = { name: 'direct messages', kinds: ['dm', 'group'] }
const budgets = [
  { ...dms, max: 15, windowMs: quarterMs },
  { ...dms, max: 1_440, windowMs: 24 * 60 * 60_000 },
  { name: 'public answers', kinds: ['post'], max: 100, windowMs: quarterMs },
]

/** Places that may be read and not answered, and why. */
export const closed: Readonly<Record<string, string>> = {
  encrypted: 'This conversation is encrypted: answer it in X’s own app.',
  unasked: 'X lets an app answer only posts that mention or quote the account. Answer this one in X’s own app.',
}

type Reach = Pick<XSettings, 'directMessages' | 'receive'>

/** Two places of one account that can do different things; without a thread, what the inbox is mostly for. */
export function capabilities(settings: Reach, thread?: ThreadRef): Capabilities {
  const isPublic = thread ? thread.audience === 'public' : !settings.directMessages
  const hooked = settings.receive === 'webhook'
  const told = hooked && !isPublic ? 'partial' : 'dropped'
  const why = thread && closed[thread.kind]
  return {
    ...(why !== undefined && { closed: why }),
    budgets: budgets.filter((one) => !thread || one.kinds.includes(thread.kind)),
    privateDoor: settings.directMessages && thread?.kind === 'post',
    // https://help.x.com/en/rules-and-policies/x-automation
    onlyAsked: true,
    text: isPublic
      ? { max: postLimit, unit: 'weighted', source: postSource, pace: 'chat' }
      : { max: dmLimit, unit: 'utf16', source: dmSource, pace: 'chat' },
    formats: plain,
    // Pictures, GIFs and MP4 only.
    attachments: {
      out: 'partial',
      in: 'full',
      maxBytes: largest.video,
      kinds,
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
