import type { TextPlace } from './article-version.ts'
import type { Queryable } from './database.ts'

/** Once for each visitor; saying it again changes what was said. */
export async function recordFeedback(
  q: Queryable,
  { articleId, locale }: TextPlace,
  { visitor, helpful }: { readonly visitor: Buffer; readonly helpful: boolean },
): Promise<void> {
  await q.query(
    `insert into article_feedback (article_id, locale, visitor, helpful) values ($1, $2, $3, $4)
     on conflict (article_id, locale, visitor) do update set helpful = excluded.helpful, created_at = now()`,
    [articleId, locale, visitor, helpful],
  )
}
