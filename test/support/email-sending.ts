import { Readable } from 'node:stream'
import { render } from '../../channels/email/render.ts'
import { type EmailSettings, parseSettings } from '../../channels/email/settings.ts'
import type { OutboundContent, OutboundFile, OutboundLetter, SendRequest } from '../../src/channel/contract.ts'

export const mailThread = { key: 'a1b2c3d4e5f60718', kind: 'mail', audience: 'private' } as const

/** Of an inbox that sends through a stand-in on this port and receives where nobody is. */
export function sendingSettings(port: number, wish: Record<string, unknown> = {}): EmailSettings {
  return parseSettings({
    address: 'support@desk.test',
    name: 'Northstar',
    receive: 'smtp',
    listen: { host: '127.0.0.1', port: 2_525 },
    smtp: { host: '127.0.0.1', port, security: 'none', user: 'support', password: 'secret' },
    ...wish,
  })
}

export function letter(wish: Partial<OutboundLetter> = {}): OutboundLetter {
  const to = [{ name: 'Ada', address: 'ada@example.test' }]
  return { to, cc: [], bcc: [], subject: 'Re: A question', references: [], automatic: false, ...wish }
}

export interface Attached extends OutboundFile {
  readonly bytes: Buffer
}

export function attached(name: string, bytes: Buffer, type = 'application/pdf'): Attached {
  return { id: `file of ${name}`, name, type, size: bytes.length, bytes }
}

let deliveries = 100

export type Written = Partial<Omit<OutboundContent, 'attachments'>> & { readonly attachments?: readonly Attached[] }

/** What the outbox would ask to be sent, with its part gone through JSON as it does there. */
export function mailRequest(content: Written, settings: Pick<EmailSettings, 'name' | 'signature'>): SendRequest {
  deliveries += 1
  const [part] = render({ text: 'Hello', attachments: [], letter: letter(), ...content }, settings)
  if (!part) throw new Error('a letter was rendered to nothing')
  return {
    deliveryId: String(deliveries),
    idempotencyKey: `key-${deliveries}`,
    attempt: 1,
    thread: mailThread,
    part: JSON.parse(JSON.stringify(part)) as typeof part,
    files: {
      open: async (id) => {
        const file = content.attachments?.find((one) => one.id === id)
        if (!file) throw new Error('no such file')
        return { file, stream: Readable.from([file.bytes]) }
      },
    },
    known: async () => new Set(),
  }
}
