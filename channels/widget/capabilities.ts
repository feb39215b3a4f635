import { type Capabilities, everyFormat } from '../../src/channel/capabilities.ts'

// Our own platform: every limit is our own choice, explained in README.md.
const source = 'https://github.com/tributary/tributary/blob/main/channels/widget/README.md#limits'

export const textLimit = 10_000
export const fileBytes = 25 * 1024 * 1024
export const filesPerMessage = 10

export const capabilities: Capabilities = {
  text: { max: textLimit, unit: 'utf16', source, pace: 'chat' },
  formats: everyFormat,
  attachments: { out: 'full', in: 'full', maxBytes: fileBytes, maxPerMessage: filesPerMessage, source },
  forms: true,
  reply: 'full',
  subject: 'dropped',
  // A numbered list: the visitor types the number.
  choices: 'partial',
  edit: 'full',
  remove: 'full',
  reactions: { in: 'dropped', out: 'dropped' },
  typing: { in: 'full', out: 'full' },
  receipts: { delivered: 'full', read: 'full' },
  // The visitor's page asks for the agents' read marks itself.
  markRead: 'dropped',
  // Nobody can be reached before they wrote.
  startThread: 'rejected',
  idempotentSend: true,
  confirm: false,
  webhook: false,
  visitors: true,
  receives: false,
  silenceMs: 0,
}
