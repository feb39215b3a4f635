import type { Visibility } from '../domain/principal.ts'
import { type Database, transaction } from './database.ts'
import { lockThread } from './delivery.ts'
import { notify } from './feed-insert.ts'
import { visible } from './visibility.ts'

export type GivenBack = 'given' | 'unknown' | 'notHere'

/** The bot answers what the customer says next; nobody else has the case then. */
export async function giveToBot(
  db: Database,
  wish: { readonly conversationId: string; readonly who: Visibility; readonly actor: string; readonly now: Date },
): Promise<GivenBack> {
  const values: unknown[] = [wish.conversationId]
  const seen = visible('c', wish.who, values)
  return transaction(db, async (tx) => {
    const { rows: places } = await tx.query(
      `select c.thread_id as id from conversation c where c.id = $1 and ${seen}`,
      values,
    )
    const place = places[0] as { id: string } | undefined
    if (!place) return 'unknown'
    await lockThread(tx, place.id)
    const { rowCount } = await tx.query({
      name: 'bot-give-back',
      text: GIVE,
      values: [wish.conversationId, wish.actor, wish.now],
    })
    await notify(tx, ['feed', 'queue'])
    return rowCount === 1 ? 'given' : 'notHere'
  })
}

const GIVE = `with moved as (
    update conversation c set holder = 'bot', assignee_id = null, bot_off = false, needs_translation = false,
        routed_at = coalesce(c.routed_at, now()), version = c.version + 1
      from inbox i
     where c.id = $1 and i.id = c.inbox_id and i.bot and c.audience = 'private' and c.holder <> 'bot'
       and c.status in ('open', 'waiting') and c.merged_into is null
    returning c.id, c.inbox_id, c.version, c.last_seq),
  ended as (update assignment a set until = $3 from moved where a.conversation_id = moved.id and a.until is null),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select id, version, last_seq, 'botGiven', $2, '{}' from moved),
  fed as (
    insert into feed (kind, inbox_id, conversation_id, version)
    select 'conversation.updated', inbox_id, id, version from moved)
  select id from moved`
