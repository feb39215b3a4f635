import type { Queryable } from './database.ts'

/** Reasons that say: no article helped. What is for people anyway teaches nothing. */
const unhelped = ['misses', 'nothingFound', 'noneFits', 'repeated', 'language']
const atOnce = 100

/**
 * Where the bot could not help, an agent answered and the case is over: the answer is a draft, or, where it names an article, the
 * question is a phrasing of that. Customers' words only of inboxes that let them be used. Nothing is published by it.
 */
export async function learnFromAnswers(q: Queryable): Promise<void> {
  for (let n = atOnce; n === atOnce; ) {
    const { rows } = await q.query({ name: 'bot-learn', text: LEARN, values: [unhelped, atOnce] })
    n = (rows[0] as { n: number }).n
  }
}

const LEARN = `with due as (
    select b.message_id, m.conversation_id, m.seq, i.learn, coalesce(c.language, 'en') as locale
      from bot_turn b join message m on m.id = b.message_id join conversation c on c.id = m.conversation_id
      join inbox i on i.id = c.inbox_id
     where b.outcome = 'handedOver' and not b.learned and b.reason = any($1::text[]) and c.status = 'resolved'
     order by b.message_id limit $2 for update of b skip locked),
  answered as (
    select d.*, r.id as reply_id, a.id as article_id from due d
      join lateral (select o.id, o.text from message o
        where o.conversation_id = d.conversation_id and o.direction = 'out' and o.sender_type = 'agent' and o.seq > d.seq
          and o.deleted_at is null and length(o.text) >= 40 order by o.seq limit 1) r on true
      left join article a on a.slug = substring(r.text from '/help/[A-Za-z-]+/([a-z0-9-]+)')),
  marked as (update bot_turn b set learned = true from due where b.message_id = due.message_id returning 1),
  made as (
    insert into bot_suggestion (kind, article_id, locale, asked_id, reply_id)
    select case when article_id is null then 'draft' else 'phrasing' end, article_id, locale,
        case when learn then message_id end, reply_id
      from answered where article_id is null or learn order by message_id returning 1)
  select (select count(*) from marked)::int as n, (select count(*) from made) as made`

export interface SuggestionRow {
  readonly id: string
  readonly kind: 'phrasing' | 'draft'
  readonly articleId: string | null
  readonly articleTitle: string | null
  readonly locale: string
  readonly asked: string | null
  readonly answered: string
  readonly answeredBy: string | null
  readonly conversationId: string
  readonly number: number
  readonly createdAt: Date
}

const open = `from bot_suggestion s join message r on r.id = s.reply_id and r.deleted_at is null and r.text <> ''
  join conversation k on k.id = r.conversation_id
  left join agent g on g.id = r.sender_agent_id
  left join message m on m.id = s.asked_id
  left join article_text t on t.article_id = s.article_id and t.locale = s.locale
  where s.state = 'open' and (s.kind = 'draft' or m.deleted_at is null and m.text <> '')`
const columns = `s.id, s.kind, s.article_id as "articleId", t.title as "articleTitle", s.locale,
  case when m.deleted_at is null then nullif(left(m.text, 2000), '') end as asked, r.text as answered,
  g.name as "answeredBy", r.conversation_id as "conversationId", k.number::int as number, s.created_at as "createdAt"`

/** Newest first; of inboxes that this person sees. */
export async function listSuggestions(
  q: Queryable,
  inboxIds: readonly string[],
  limit: number,
): Promise<SuggestionRow[]> {
  const { rows } = await q.query(
    `select ${columns} ${open} and k.inbox_id = any($1::bigint[]) and not k.restricted
      order by s.id desc limit $2`,
    [inboxIds, limit],
  )
  return rows as SuggestionRow[]
}

/** Nobody else decides on it until the transaction ends. null: it is decided, or its words are gone. */
export async function takeSuggestion(
  tx: Queryable,
  id: string,
  inboxIds: readonly string[],
): Promise<SuggestionRow | null> {
  const { rows } = await tx.query(
    `select ${columns} ${open} and s.id = $1 and k.inbox_id = any($2::bigint[]) and not k.restricted for update of s`,
    [id, inboxIds],
  )
  return (rows[0] as SuggestionRow | undefined) ?? null
}

export async function decideSuggestion(
  tx: Queryable,
  id: string,
  decision: { readonly state: 'accepted' | 'dismissed'; readonly by: string; readonly phrasing?: string },
): Promise<void> {
  await tx.query(
    'update bot_suggestion set state = $2, decided_by = $3, decided_at = now(), phrasing = $4 where id = $1',
    [id, decision.state, decision.by, decision.phrasing ?? null],
  )
}

/** False: the article is not there in this language. */
export async function addPhrasing(
  tx: Queryable,
  at: { readonly articleId: string; readonly locale: string },
  text: string,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into article_phrasing (article_id, locale, position, text)
      select t.article_id, t.locale, coalesce((select max(p.position) from article_phrasing p
          where p.article_id = t.article_id and p.locale = t.locale), 0) + 1, $3
        from article_text t where t.article_id = $1 and t.locale = $2`,
    [at.articleId, at.locale, text],
  )
  return rowCount === 1
}

/** As if nobody had decided. The article that has the phrasing; null: it gave none. Undefined: there is nothing to take back. */
export async function reopenSuggestion(
  tx: Queryable,
  id: string,
  inboxIds: readonly string[],
): Promise<string | null | undefined> {
  const { rows } = await tx.query(
    `select s.state, s.article_id as "articleId", s.locale, s.phrasing from bot_suggestion s join message r on r.id = s.reply_id
        join conversation k on k.id = r.conversation_id
      where s.id = $1 and (s.state = 'dismissed' or s.state = 'accepted' and s.kind = 'phrasing')
        and k.inbox_id = any($2::bigint[]) and not k.restricted for update of s`,
    [id, inboxIds],
  )
  const row = rows[0] as
    | { state: string; articleId: string | null; locale: string; phrasing: string | null }
    | undefined
  if (!row) return undefined
  // Somebody may have written the same before: only the newest is what was added.
  await tx.query(
    `delete from article_phrasing where article_id = $1 and locale = $2 and text = $3 and position = (select max(position)
        from article_phrasing where article_id = $1 and locale = $2 and text = $3)`,
    [row.articleId, row.locale, row.phrasing],
  )
  await tx.query(
    `update bot_suggestion set state = 'open', decided_by = null, decided_at = null, phrasing = null where id = $1`,
    [id],
  )
  return row.phrasing === null ? null : row.articleId
}

/** With the person go their words: also those that an article took over. */
export async function forgetLearned(tx: Queryable, threadIds: readonly string[]): Promise<void> {
  await tx.query(
    `with gone as (
        delete from bot_suggestion s using message m where m.id = s.asked_id and m.thread_id = any($1::bigint[])
        returning s.article_id, s.locale, s.phrasing)
      delete from article_phrasing p using gone
       where p.article_id = gone.article_id and p.locale = gone.locale and p.text = gone.phrasing`,
    [threadIds],
  )
}
