import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface BotQuality {
  readonly asked: number
  readonly answered: number
  readonly offered: number
  readonly chosen: number
  readonly askedBack: number
  readonly handedOver: number
  readonly wrong: number
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
}

/** What became of what the bot was asked since then, in these inboxes. */
export async function botQuality(q: Queryable, inboxIds: readonly string[], since: Date): Promise<BotQuality> {
  const { rows } = await q.query({
    name: 'bot-quality',
    text: `with t as (select b.* from bot_turn b join message m on m.id = b.message_id
          join conversation c on c.id = m.conversation_id
          where b.created_at >= $2 and c.inbox_id = any($1::bigint[]) and b.outcome <> 'dropped')
      select count(*)::int as asked, count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'offered')::int as offered, count(*) filter (where chosen)::int as chosen,
        count(*) filter (where outcome = 'askedBack')::int as "askedBack",
        count(*) filter (where outcome = 'handedOver')::int as "handedOver",
        count(*) filter (where wrong_at is not null)::int as wrong,
        coalesce((select jsonb_agg(jsonb_build_object('reason', reason, 'count', n) order by n desc, reason) from (
          select reason, count(*)::int as n from t where outcome = 'handedOver' and reason is not null group by reason) r), '[]')
          as reasons
      from t`,
    values: [inboxIds, since],
  })
  return rows[0] as BotQuality
}

/** An agent's verdict on what the bot said. False: it is no word of the bot that they see. */
export async function judgeBot(
  q: Queryable,
  wish: { readonly messageId: string; readonly wrong: boolean; readonly who: Visibility },
): Promise<boolean> {
  const values: unknown[] = [wish.messageId, wish.wrong, wish.who.agentId]
  const seen = visible('c', wish.who, values)
  const { rowCount } = await q.query(
    `update bot_turn b set wrong_by = case when $2 then $3::bigint end, wrong_at = case when $2 then now() end
      from message r join conversation c on c.id = r.conversation_id where b.reply_id = $1 and r.id = $1 and ${seen}`,
    values,
  )
  return rowCount === 1
}
