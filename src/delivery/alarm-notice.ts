import { listAgents } from '../store/agent.ts'
import { listInboxes } from '../store/inbox.ts'
import type { InboxAlarm } from '../store/inbox-alarm.ts'
import { readHealth } from '../store/inbox-health.ts'
import type { ReplyContext } from './reply-input.ts'
import { writeFirst } from './write-first.ts'

export interface NoticeContext extends ReplyContext {
  /** Without a slash at the end. */
  readonly publicUrl: string
}

/** False: there is no inbox that could tell anybody. */
export function sendAlarmNotice(ctx: NoticeContext, alarm: InboxAlarm): Promise<boolean> {
  return tellAdmins(ctx, {
    notFrom: alarm.inboxId,
    text: wordsOf(ctx, alarm),
    // Asked again for the same alarm nothing more is written.
    clientId: `inbox-alarm-${alarm.id}`,
    subject: `${alarm.inboxName} is not connected`,
  })
}

/** A customer wants their data erased: a person must do it. False: there is no inbox that could tell anybody. */
export async function sendErasureNotice(
  ctx: NoticeContext,
  { conversationId, questionId }: { readonly conversationId: string; readonly questionId: string },
): Promise<boolean> {
  const { rows } = await ctx.db.pool.query(
    `select c.number, i.name from conversation c join inbox i on i.id = c.inbox_id where c.id = $1`,
    [conversationId],
  )
  const found = rows[0] as { number: string; name: string } | undefined
  if (!found) return false
  const text = [
    `Somebody who wrote to “${found.name}” asks to have their data erased, and confirmed it.`,
    `See the conversation: ${ctx.publicUrl}/c/${conversationId}`,
  ].join('\n\n')
  const subject = `Please erase a customer’s data (#${found.number})`
  return tellAdmins(ctx, { notFrom: null, text, clientId: `erasure-${questionId}`, subject })
}

interface Notice {
  /** Which cannot be used for it. */
  readonly notFrom: string | null
  readonly text: string
  readonly clientId: string
  readonly subject: string
}

/** By mail, through an inbox that works and can write first. */
async function tellAdmins(ctx: NoticeContext, { notFrom, ...notice }: Notice): Promise<boolean> {
  const agents = await listAgents(ctx.db.pool)
  const to = agents
    .filter(({ active, role }) => active && role === 'admin')
    .map(({ name, email }) => ({ name, address: email }))
  const inboxId = to.length === 0 ? null : await inboxThatWrites(ctx, notFrom)
  if (inboxId === null) return false
  await writeFirst(ctx, {
    inboxId,
    author: { type: 'system', priority: 'notice' },
    attachmentFileIds: [],
    recipients: { to, cc: [], bcc: [] },
    ...notice,
  })
  return true
}

async function inboxThatWrites(ctx: NoticeContext, but: string | null): Promise<string | null> {
  const rows = (await listInboxes(ctx.db.pool)).filter(({ id, enabled }) => enabled && id !== but)
  const health = await readHealth(
    ctx.db.pool,
    rows.map(({ id }) => id),
  )
  for (const { id } of rows.filter((row) => health.get(row.id)?.state === 'connected')) {
    const described = await ctx.connections.describe(id).catch(() => null)
    if (!described?.adapter.addressee || !described.adapter.newThread) continue
    if (described.adapter.capabilities(described.settings).startThread === 'full') return id
  }
  return null
}

function wordsOf({ publicUrl }: NoticeContext, { inboxId, inboxName, error, since }: InboxAlarm): string {
  return [
    `“${inboxName}” has not been connected since ${since.toISOString()}. Messages there neither come in nor go out.`,
    ...(error === null ? [] : [error]),
    `See what is wrong: ${publicUrl}/settings/inboxes/${inboxId}`,
    'You get one such mail in half an hour at most.',
  ].join('\n\n')
}
