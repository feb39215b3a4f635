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

/** Tells the administrators by mail, through another inbox that works and can write first. False: there is none. */
export async function sendAlarmNotice(ctx: NoticeContext, alarm: InboxAlarm): Promise<boolean> {
  const agents = await listAgents(ctx.db.pool)
  const to = agents
    .filter(({ active, role }) => active && role === 'admin')
    .map(({ name, email }) => ({ name, address: email }))
  const inboxId = to.length === 0 ? null : await inboxThatWrites(ctx, alarm.inboxId)
  if (inboxId === null) return false
  await writeFirst(ctx, {
    inboxId,
    author: { type: 'system', priority: 'notice' },
    text: wordsOf(ctx, alarm),
    attachmentFileIds: [],
    // Asked again for the same alarm nothing more is written.
    clientId: `inbox-alarm-${alarm.id}`,
    recipients: { to, cc: [], bcc: [] },
    subject: `${alarm.inboxName} is not connected`,
  })
  return true
}

async function inboxThatWrites(ctx: NoticeContext, but: string): Promise<string | null> {
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
