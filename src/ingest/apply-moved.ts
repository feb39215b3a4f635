import type { InboundMoved } from '../channel/contract.ts'
import { lockThreads, renameThread } from '../store/thread.ts'
import type { ApplyContext } from './apply-messages.ts'

/** The platform gave a place a new key: the thread keeps its conversation, and what waits for the old place moves along. */
export async function applyMoved(ctx: ApplyContext, event: InboundMoved): Promise<void> {
  const thread = (await lockThreads(ctx.tx, ctx.inbox.id, [event.thread])).get(event.thread.key)!
  await renameThread(ctx.tx, thread, ctx.inbox.id, event.to)
}
