import { type Capabilities, everyFormat } from '../../src/channel/capabilities.ts'
import { largestMail } from './render.ts'
import type { EmailSettings } from './settings.ts'

const source = 'https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1'

// A mail has no length of its own; ours is what people still read.
const textLimit = 500_000

export function capabilities(settings: Pick<EmailSettings, 'receive' | 'imap'>): Capabilities {
  const overImap = settings.receive === 'imap'
  return {
    text: { max: textLimit, unit: 'codePoints', source, pace: 'letters' },
    formats: everyFormat,
    attachments: {
      out: 'full',
      in: 'full',
      // Base64 adds 37 %, and many servers take no more than 25 MB.
      maxBytes: Math.floor(largestMail / 1.37),
      maxPerMessage: 100,
      source: 'https://support.google.com/mail/answer/6584',
    },
    reply: 'full',
    subject: 'full',
    // A numbered list: the answer names one.
    choices: 'partial',
    edit: 'rejected',
    remove: 'rejected',
    reactions: { in: 'dropped', out: 'rejected' },
    typing: { in: 'dropped', out: 'dropped' },
    // Bounces are told; that a mail was read is never asked for.
    receipts: { delivered: 'dropped', read: 'dropped' },
    markRead: 'dropped',
    startThread: 'full',
    // The stable Message-ID helps the reader's program only: servers take the same mail twice.
    idempotentSend: false,
    confirm: settings.imap?.sent !== undefined,
    webhook: false,
    visitors: false,
    receives: true,
    // The folders are looked at every 30 s; a single large mail may take minutes.
    silenceMs: overImap ? 5 * 60_000 : 0,
  }
}
