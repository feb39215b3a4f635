import type { Visibility } from '../domain/principal.ts'
import type { Queryable } from './database.ts'
import { visible } from './visibility.ts'

export interface BotLook {
  readonly who: Visibility
  readonly since: Date
  readonly until: Date
  readonly inboxId?: string | undefined
  readonly language?: string | undefined
  readonly articleId?: string | undefined
}

interface Share {
  readonly asked: number
  readonly answered: number
  readonly handedOver: number
  readonly wrong: number
}

export interface BotQuality extends Share {
  readonly offered: number
  readonly chosen: number
  readonly askedBack: number
  readonly thanked: number
  readonly thenPeople: number
  readonly reasons: readonly { readonly reason: string; readonly count: number }[]
  readonly articles: readonly {
    readonly id: string
    readonly title: string
    readonly answered: number
    readonly chosen: number
    readonly thenPeople: number
    readonly wrong: number
  }[]
  readonly inboxes: readonly ({ readonly id: string } & Share)[]
  readonly languages: readonly ({ readonly language: string | null } & Share)[]
}

/**
 * The messages to the bot that this person may read about, as a table `t`; the numbers and the lists behind them begin here. What
 * somebody else took or a newer message replaced was never the bot's to answer.
 */
export function lookedAt(look: BotLook, values: unknown[]): string {
  const seen = visible('c', look.who, values)
  const since = values.push(look.since)
  const until = values.push(look.until)
  const inbox = values.push(look.inboxId ?? null)
  const language = values.push(look.language ?? null)
  const article = values.push(look.articleId ?? null)
  return `looked as (select b.*, m.seq, m.conversation_id, c.inbox_id, c.number, c.language,
        case when m.deleted_at is null then left(m.text, 300) else '' end as asked
      from bot_turn b join message m on m.id = b.message_id join conversation c on c.id = m.conversation_id
      where b.created_at >= $${since} and b.created_at < $${until} and b.outcome <> 'dropped' and ${seen}
        and ($${inbox}::bigint is null or c.inbox_id = $${inbox})
        and ($${language}::text is null or coalesce(c.language, '') = $${language})),
    given as (select conversation_id, max(seq) as seq from looked where outcome = 'handedOver' group by conversation_id),
    t as (select l.*, l.outcome = 'answered' and coalesce(g.seq > l.seq, false) as then_people
      from looked l left join given g using (conversation_id)
      where $${article}::bigint is null or l.article_id = $${article})`
}

const share = `'asked', count(*), 'answered', count(*) filter (where outcome = 'answered'),
  'handedOver', count(*) filter (where outcome = 'handedOver'), 'wrong', count(*) filter (where wrong_at is not null)`

/** What became of what the bot was asked. */
export async function botQuality(q: Queryable, look: BotLook): Promise<BotQuality> {
  const values: unknown[] = []
  const { rows } = await q.query(
    `with ${lookedAt(look, values)}
      select count(*)::int as asked, count(*) filter (where outcome = 'answered')::int as answered,
        count(*) filter (where outcome = 'offered')::int as offered, count(*) filter (where chosen)::int as chosen,
        count(*) filter (where outcome = 'askedBack')::int as "askedBack",
        count(*) filter (where outcome = 'thanked')::int as thanked,
        count(*) filter (where outcome = 'handedOver')::int as "handedOver",
        count(*) filter (where wrong_at is not null)::int as wrong,
        count(*) filter (where then_people)::int as "thenPeople",
        coalesce((select jsonb_agg(jsonb_build_object('reason', reason, 'count', n) order by n desc, reason) from (
          select reason, count(*) as n from t where outcome = 'handedOver' and reason is not null group by reason) r), '[]')
          as reasons,
        coalesce((select jsonb_agg(said order by bad desc, n desc, id) from (
          select article_id as id, count(*) as n, count(*) filter (where wrong_at is not null or then_people) as bad,
            jsonb_build_object('id', article_id::text, 'title', (array_agg(title order by message_id desc))[1], 'answered', count(*),
              'chosen', count(*) filter (where chosen), 'thenPeople', count(*) filter (where then_people),
              'wrong', count(*) filter (where wrong_at is not null)) as said
          from t where outcome = 'answered' and article_id is not null
          group by article_id order by bad desc, n desc, article_id limit 100) a), '[]') as articles,
        coalesce((select jsonb_agg(said order by n desc, id) from (
          select inbox_id as id, count(*) as n, jsonb_build_object('id', inbox_id::text, ${share}) as said
          from t group by inbox_id) i), '[]') as inboxes,
        coalesce((select jsonb_agg(said order by n desc, language nulls last) from (
          select language, count(*) as n, jsonb_build_object('language', language, ${share}) as said
          from t group by language) l), '[]') as languages
      from t`,
    values,
  )
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
