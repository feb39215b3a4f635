import { randomUUID } from 'node:crypto'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { reply } from '../../src/delivery/reply.ts'
import type { BusinessHours } from '../../src/domain/calendar.ts'
import type { HandlingPatch } from '../../src/domain/conversation-change.ts'
import type { PromiseKind } from '../../src/domain/promise.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { keepCurrent, recalculateEverything, tellDue } from '../../src/jobs/keep-promises.ts'
import { followUp } from '../../src/routing/follow-up.ts'
import { createBusinessHours } from '../../src/store/business-hours.ts'
import { changeConversation } from '../../src/store/conversation-change.ts'
import type { Database, Queryable } from '../../src/store/database.ts'
import { stampFeed } from '../../src/store/feed.ts'
import {
  insertSlaPolicy,
  type SlaPolicyFields,
  setPolicyUsers,
  type TargetMinutes,
} from '../../src/store/sla-policy.ts'
import { wakeSnoozed } from '../../src/store/snooze.ts'
import { batchOf, said } from './events.ts'
import { createAgent, createInbox, type InboxWish, unique } from './factories.ts'
import { scriptedChannel, silent } from './scripted-channel.ts'

export type PromiseDesk = Awaited<ReturnType<typeof promiseDesk>>

const minuteMs = 60_000
export const always = (minutes: number): TargetMinutes => [minutes, minutes, minutes, minutes]

export async function makeHours(q: Queryable, hours: BusinessHours): Promise<string> {
  return (await createBusinessHours(q, { ...hours, name: unique('Hours') })).id
}

export async function makePolicy(q: Queryable, wish: Partial<SlaPolicyFields> = {}): Promise<string> {
  return insertSlaPolicy(q, {
    name: unique('Policy'),
    businessHoursId: null,
    targets: { firstResponse: always(60) },
    warnPercent: null,
    warnMinutes: null,
    isDefault: false,
    escalates: false,
    ...wish,
  })
}

/** An inbox with a policy, one agent and one customer. Its clock goes only by hand, and starts on a Monday at nine in Berlin. */
export async function promiseDesk(db: Database, wish: Partial<SlaPolicyFields> | null = {}, inbox: InboxWish = {}) {
  const { pool } = db
  const inboxId = await createInbox(pool, inbox)
  const policyId = wish === null ? null : await makePolicy(pool, wish)
  if (policyId !== null) await setPolicyUsers(pool, policyId, { inboxIds: [inboxId] })
  const agentId = await createAgent(pool, { inboxes: [inboxId], role: 'admin' })
  const channel = scriptedChannel()
  const chat = unique('chat')
  let now = new Date('2026-03-02T08:00:00.000Z')
  const context = { db, connections: channel.connections, clock: () => now, log: silent }
  const all = async (sql: string, ...values: unknown[]) => (await pool.query(sql, values)).rows
  const conversation = async () =>
    (await all('select * from conversation where inbox_id = $1 order by id desc limit 1', inboxId))[0]
  const keep = async (): Promise<void> => {
    while ((await stampFeed(pool)) > 0);
    while (await keepCurrent(context));
  }
  return {
    inboxId,
    policyId,
    agentId,
    channel,
    context,
    chat,
    all,
    conversation,
    keep,
    now: () => now,
    /** Minutes, which pass before anything else happens. */
    pass: (minutes: number) => {
      now = new Date(now.getTime() + minutes * minuteMs)
    },
    ask: async (text = 'Where is my deposit?', more: Parameters<typeof said>[1] = {}): Promise<void> => {
      const event: InboundEvent = said(text, { chat, occurredAt: now, ...more })
      await recordInbound(db, { inboxId, batch: batchOf(event), now })
    },
    answer: async (text = 'We are looking.') => {
      const { id } = await conversation()
      return reply(context, {
        conversationId: id,
        author: { type: 'agent', id: agentId, priority: 'person' },
        kind: 'reply',
        text,
        attachmentFileIds: [],
        clientId: randomUUID(),
      })
    },
    change: async (patch: HandlingPatch) => {
      const { id } = await conversation()
      const who = { agentId, inboxIds: [inboxId], teamIds: [], seesOrphans: true }
      return changeConversation(db, { conversationId: id, who, actor: `agent:${agentId}`, patch, force: true, now })
    },
    wake: () => wakeSnoozed(db, now),
    /** Minutes from now to what is due next; null: nothing is. */
    due: async (): Promise<{ kind: PromiseKind; in: number } | null> => {
      await keep()
      const { due_at: at, due_kind: kind } = await conversation()
      return at === null ? null : { kind, in: (at.getTime() - now.getTime()) / minuteMs }
    },
    /** Everything in the installation that is due now. */
    tell: () => tellDue(context),
    remind: async (): Promise<void> => {
      await keep()
      await followUp(context)
    },
    recalculate: () => recalculateEverything(context).run({} as never, new AbortController().signal),
    told: async (): Promise<string[]> =>
      (
        await all(
          `select a.kind, a.data from activity a join conversation c on c.id = a.conversation_id
            where c.inbox_id = $1 and a.kind in ('promiseWarning', 'promiseBroken') order by a.id`,
          inboxId,
        )
      ).map(({ kind, data }) => `${kind === 'promiseBroken' ? 'broken' : 'soon'}: ${data.promise}`),
    outcomes: async (): Promise<string[]> =>
      (
        await all(
          `select p.kind, coalesce(p.outcome, 'running') as outcome from promise p join conversation c on c.id = p.conversation_id
            where c.inbox_id = $1 order by p.id`,
          inboxId,
        )
      ).map(({ kind, outcome }) => `${kind} ${outcome}`),
  }
}
