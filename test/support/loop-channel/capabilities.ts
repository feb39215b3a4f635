import { type Capabilities, everyFormat } from '../../../src/channel/capabilities.ts'
import type { LoopSettings } from './settings.ts'

const source = 'test/support/loop-channel/platform.ts'

export function loopCapabilities(settings: LoopSettings): Capabilities {
  return {
    text: { max: settings.textMax, unit: 'utf16', source, pace: 'chat' },
    formats: everyFormat,
    attachments: { out: 'full', in: 'full', maxBytes: 5_000_000, maxPerMessage: 4, source },
    reply: 'full',
    subject: 'partial',
    choices: 'partial',
    edit: 'full',
    remove: 'full',
    reactions: { in: 'full', out: 'full' },
    typing: { in: 'dropped', out: 'full' },
    receipts: { delivered: 'full', read: 'full' },
    markRead: 'full',
    startThread: 'full',
    idempotentSend: settings.idempotent,
    confirm: settings.confirm,
    webhook: settings.receive !== 'polling',
    visitors: false,
    receives: settings.receive !== 'webhook',
    silenceMs: settings.receive === 'webhook' ? 0 : settings.pollMs * 2 + 10_000,
  }
}
