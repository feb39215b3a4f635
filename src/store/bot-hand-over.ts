import type { Queryable } from './database.ts'
import { notify } from './feed-insert.ts'

/**
 * Those among these that the bot has are people's from now on, and people read what it did there. Answers which they were. The
 * caller gives them to a queue. `raise`: false where the version has risen already, with the message that asked for it.
 */
export async function handOverFromBot(
  tx: Queryable,
  conversationIds: readonly string[],
  reason: string,
  raise = true,
): Promise<string[]> {
  if (conversationIds.length === 0) return []
  const { rows } = await tx.query({
    name: 'bot-hand-over',
    text: HAND_OVER,
    values: [conversationIds, reason, raise ? 1 : 0],
  })
  await notify(tx, ['feed', 'queue'])
  return rows.map(({ id }: { id: string }) => id)
}

// Ids and our own words: what the customer said is read where it stands.
const HAND_OVER = `with taken as (
    update conversation c set holder = 'queue', version = c.version + $3::int
      where c.id = any($1::bigint[]) and c.holder = 'bot'
    returning c.id, c.inbox_id, c.version, c.last_seq),
  told as (
    insert into activity (conversation_id, version, after_seq, kind, actor, data)
    select t.id, t.version, t.last_seq, 'botHandedOver', 'bot', jsonb_build_object('reason', $2::text, 'turns', coalesce(
        (select jsonb_agg(jsonb_build_object('messageId', m.id::text, 'outcome', b.outcome, 'title', b.title, 'chosen', b.chosen,
            'offered', jsonb_path_query_array(b.offered, '$[*].label'), 'confidence', b.confidence, 'phrasing', b.phrasing)
            order by m.seq)
          from message m join bot_turn b on b.message_id = m.id where m.conversation_id = t.id and m.direction = 'in'
            and m.seq > coalesce((select max(a.after_seq) from activity a
              where a.conversation_id = t.id and a.kind = 'botGiven'), 0)), '[]'))
      from taken t order by t.id),
  fed as (
    insert into feed (kind, inbox_id, conversation_id, version)
    select 'conversation.updated', inbox_id, id, version from taken where $3::int > 0 order by id)
  select id from taken`
