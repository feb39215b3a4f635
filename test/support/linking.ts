import type { InboundMessage } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { mergeByCode } from '../../src/store/contact-merge.ts'
import type { Database } from '../../src/store/database.ts'
import { said } from './events.ts'

export interface Written {
  readonly kind: string
  readonly messageId?: string
  readonly conversationId?: string
}

/** What people of a test write, to an inbox whose jobs do not run by themselves. */
export function linkingGround(db: Database) {
  const rows = async (sql: string, values: unknown[] = []) => (await db.pool.query(sql, values)).rows
  return {
    rows,
    /** `chat` is also who writes, unless a sender is named. */
    async write(inboxId: string, text: string, wish: Partial<InboundMessage> & { chat: string }): Promise<Written> {
      const event = said(text, { sender: { key: `person-of-${wish.chat}`, name: wish.chat }, ...wish })
      const { outcomes } = await recordInbound(db, { inboxId, now: new Date(), batch: { events: [event] } })
      return outcomes[0] as Written
    },
    /** The jobs that codes have left. */
    async link(): Promise<void> {
      const jobs = await rows(`delete from job where kind = 'link-contacts' returning payload`)
      for (const { payload } of jobs) await mergeByCode(db, String(payload.codeId))
    },
    async personOf(chat: string): Promise<string> {
      return (await rows('select contact_id as id from identity where key = $1', [`person-of-${chat}`]))[0]?.id
    },
    async conversation(id: string | undefined) {
      return (await rows('select * from conversation where id = $1', [id]))[0]
    },
    async ignored(inboxId: string): Promise<Record<string, number>> {
      const found = await rows('select reason, count::int as n from inbox_ignored where inbox_id = $1', [inboxId])
      return Object.fromEntries(found.map(({ reason, n }) => [reason, n]))
    },
  }
}
