import { eventOf } from '../../../channels/email/event-of.ts'
import { createMailReader, type MailReader } from '../../../channels/email/reading/read-mail.ts'
import { channelEnv } from '../channel-env.ts'
import type { TellerOf } from './story.ts'

const own = 'support@desk.test'

/** Letters of one person, each answering the one before it; nobody can change a letter. */
export function mailStory(reader: MailReader = createMailReader()): { readonly of: TellerOf; close(): Promise<void> } {
  const env = channelEnv()
  const of: TellerOf = (run) => {
    const id = (n: number) => `<${n}.${run}@customer.test>`
    return {
      does: [],
      externalId: id,
      tell: ({ n, at, text }) => ({
        at,
        raw: [
          `Message-ID: ${id(n)}`,
          `From: Ada <ada.${run}@customer.test>`,
          `To: ${own}`,
          `Subject: ${n === 0 ? '' : 'Re: '}Order ${run}`,
          ...(n === 0 ? [] : [`In-Reply-To: ${id(n - 1)}`]),
          `Date: ${at.toUTCString()}`,
          'Content-Type: text/plain; charset=utf-8',
          '',
          text,
          '',
        ].join('\r\n'),
      }),
      hear: async (told) => {
        const { at, raw } = told as { at: Date; raw: string }
        const mail = await reader.read(Buffer.from(raw), {})
        const arrival = { folder: 'inbox', receivedAt: at, size: raw.length } as const
        const event = eventOf({ settings: { address: own, subjectJoins: true }, env }, mail, arrival)
        return 'ignored' in event ? [] : [event]
      },
    }
  }
  return { of, close: () => reader.close() }
}
