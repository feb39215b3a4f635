import type { InboundMoved } from '../channel/contract.ts'
import { lockThreads, renameAlike, renameThread } from '../store/thread.ts'
import type { ApplyContext } from './apply-messages.ts'

/** The platform gave a place a new key: its threads keep their conversations, and what waits for the old place moves along. */
export async function applyMoved(ctx: ApplyContext, event: InboundMoved): Promise<void> {
  const thread = (await lockThreads(ctx.tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  if (event.prefix) await renameAlike(ctx.tx, thread, ctx.inbox.id, { ...event.prefix, audience: event.to.audience })
  await renameThread(ctx.tx, thread, ctx.inbox.id, event.to)
}
