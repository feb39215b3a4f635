import { createHash } from 'node:crypto'
import type { DescribedInbox, LetterAddress, Sender, ThreadRef } from '../channel/contract.ts'
import { ChannelError } from '../channel/errors.ts'
import { writesLetters } from '../channel/writes-letters.ts'
import type { Queryable } from '../store/database.ts'
import { getInbox } from '../store/inbox.ts'
import type { ReplyContext } from './reply-input.ts'

/** How the customers of a chat are written to by letter. */
export interface LetterWay {
  readonly inboxId: string
  readonly mail: DescribedInbox
  /** What the customers know the chat as; empty: nothing. */
  readonly title: string
  addressee(address: LetterAddress): Sender
  /** The one thread of letters for this place and address: who asks again gets the same. */
  thread(placeId: string, address: string): ThreadRef
}

type Context = Pick<ReplyContext, 'connections'> & { readonly db: { readonly pool: Queryable } }

/** null: the inbox names none, or one that is gone, switched off, or cannot write to people by their address. */
export async function letterWay(ctx: Context, inboxId: string): Promise<LetterWay | null> {
  const chat = await described(ctx, inboxId)
  const continuation = chat?.adapter.continues?.(chat.settings) ?? null
  if (!continuation) return null
  const row = await getInbox(ctx.db.pool, continuation.inboxId)
  const mail = row?.enabled === true ? await described(ctx, row.id) : null
  if (!mail || !writesLetters(mail.adapter, mail.settings)) return null
  const { adapter, settings } = mail
  return {
    inboxId: mail.inboxId,
    mail,
    title: continuation.title,
    addressee: (address) => adapter.addressee!(address),
    thread: (placeId, address) => adapter.newThread!(seedOf(placeId, address), settings),
  }
}

async function described(ctx: Context, inboxId: string): Promise<DescribedInbox | null> {
  try {
    return await ctx.connections.describe(inboxId)
  } catch (error) {
    if (error instanceof ChannelError) return null
    throw error
  }
}

function seedOf(placeId: string, address: string): string {
  return createHash('sha256').update(`continues ${placeId} ${address}`).digest('hex').slice(0, 24)
}
