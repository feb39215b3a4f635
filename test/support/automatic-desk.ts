import type { InboundEvent } from '../../src/channel/contract.ts'
import type { Command } from '../../src/channel/inbound.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { answerAsked } from '../../src/routing/answer-asked.ts'
import type { Database } from '../../src/store/database.ts'
import { claimJobs, finishJob } from '../../src/store/job.ts'
import { batchOf, said } from './events.ts'
import { createInbox, unique } from './factories.ts'
import { scriptedChannel, silent } from './scripted-channel.ts'

export type AutomaticDesk = Awaited<ReturnType<typeof automaticDesk>>
type Said = Parameters<typeof said>[1]

/** An inbox whose customers ask things of the program, and whoever does the jobs of it. Its clock goes only by hand. */
export async function automaticDesk(db: Database) {
  await db.pool.query('delete from job')
  const inboxId = await createInbox(db.pool)
  const channel = scriptedChannel()
  const chat = unique('chat')
  let now = new Date()
  const all = async (sql: string, ...values: unknown[]) => (await db.pool.query(sql, values)).rows
  const context = { db, connections: channel.connections, clock: () => now, log: silent }
  const receive = async (...events: InboundEvent[]): Promise<void> => {
    await recordInbound(db, { inboxId, batch: batchOf(...events), now })
  }
  /** Every job there is, as the worker would do it. */
  const work = async (): Promise<void> => {
    for (;;) {
      const jobs = await claimJobs(db.pool, { kinds: ['answer-asked'], limit: 10, leaseMs: 30_000 })
      if (jobs.length === 0) return
      for (const job of jobs) {
        await answerAsked(context, job.payload as Parameters<typeof answerAsked>[1])
        await finishJob(db.pool, job)
      }
    }
  }
  const answers = async (): Promise<string[]> => {
    const rows = await all(
      `select m.text from message m join conversation c on c.id = m.conversation_id
        where c.inbox_id = $1 and m.sender_type = 'system' order by m.id`,
      inboxId,
    )
    return rows.map(({ text }) => text)
  }
  return {
    inboxId,
    channel,
    chat,
    context,
    all,
    receive,
    work,
    answers,
    one: async (sql: string, ...values: unknown[]) => (await all(sql, ...values))[0],
    now: () => now,
    pass: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    command: (name: Command['name'], { argument, ...wish }: Said & { argument?: string } = {}) =>
      said(`/${name}`, { chat, occurredAt: now, command: { name, ...(argument && { argument }) }, ...wish }),
    /** The automatic answers to these. */
    ask: async (...events: InboundEvent[]): Promise<string[]> => {
      const before = await answers()
      await receive(...events)
      await work()
      return (await answers()).slice(before.length)
    },
    conversation: async () =>
      (await all('select * from conversation where inbox_id = $1 order by id limit 1', inboxId))[0],
  }
}
