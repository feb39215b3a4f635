import { noteChanges, tellDueNotices } from '../../src/routing/notices.ts'
import { route, routeRequest } from '../../src/routing/route.ts'
import { type Database, transaction } from '../../src/store/database.ts'
import { escalateConversation } from '../../src/store/escalation.ts'
import { stampFeed } from '../../src/store/feed.ts'
import { takeJobs } from '../../src/store/job.ts'
import { createTeam } from './factories.ts'
import { promiseDesk } from './promise-desk.ts'

export interface NoticeWish {
  /** What customers know the team as; null: nothing. */
  readonly sees?: string | null
  readonly customerUrl?: string | null
  /** Of the customer. */
  readonly language?: string
}

export type NoticeDesk = Awaited<ReturnType<typeof noticeDesk>>

/** An inbox of a team with one agent, Ana, and one customer. Its clock goes only by hand. */
export async function noticeDesk(db: Database, wish: NoticeWish = {}) {
  const { sees = 'a specialist', customerUrl = null, language = 'en' } = wish
  await db.pool.query('delete from job')
  const desk = await promiseDesk(db, null)
  const { pool } = db
  const teamId = await createTeam(pool)
  await pool.query('update team set customer_sees = $2 where id = $1', [teamId, sees])
  await pool.query('update inbox set team_id = $2 where id = $1', [desk.inboxId, teamId])
  await pool.query(`insert into team_member (team_id, agent_id) values ($1, $2)`, [teamId, desk.agentId])
  await pool.query(`update agent set public_name = 'Ana', availability = 'away' where id = $1`, [desk.agentId])
  const context = { ...desk.context, customerUrl }
  const read = async (): Promise<void> => {
    while ((await stampFeed(pool)) > 0);
    while (await noteChanges(context));
  }
  await read()
  await noteChanges(context)
  const routed = async (): Promise<void> => {
    await transaction(db, async (tx) => {
      const jobs = await takeJobs(tx, { kind: 'route', limit: 100 })
      const requests = jobs.flatMap(({ payload }) => routeRequest(payload) ?? [])
      if (requests.length > 0) await route(tx, requests, { now: desk.now() })
    })
  }
  const said = async (): Promise<string[]> =>
    (
      await desk.all(
        `select m.text from message m join conversation c on c.id = m.conversation_id
          where c.inbox_id = $1 and m.sender_type = 'system' order by m.id`,
        desk.inboxId,
      )
    ).map(({ text }) => text)
  return {
    ...desk,
    teamId,
    context,
    read,
    said,
    /** A customer's message, and who gets it. */
    write: async (text?: string, more: Parameters<typeof desk.ask>[1] = {}): Promise<void> => {
      await desk.ask(text, { sender: { key: `person-of-${desk.chat}`, name: 'Li Wei', language }, ...more })
      await routed()
    },
    routed,
    seconds: (count: number) => desk.pass(count / 60),
    /** Looks, says what is due, and answers all that was ever said. */
    tell: async (): Promise<string[]> => {
      await read()
      await tellDueNotices(context)
      return said()
    },
    escalate: async (): Promise<void> => {
      const { id: conversationId } = await desk.conversation()
      const wished = { conversationId, tier: 2 as const, actor: `agent:${desk.agentId}`, why: 'escalated' as const }
      await transaction(db, (tx) => escalateConversation(tx, { ...wished, now: desk.now() }))
    },
  }
}
