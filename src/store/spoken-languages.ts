import type { Queryable } from './database.ts'

/** What agents speak and published articles are written in, without regions; English where nobody said anything. */
export async function spokenLanguages(q: Queryable): Promise<string[]> {
  const { rows } = await q.query(
    `select split_part(lower(s.language), '-', 1) as language from (
        select jsonb_object_keys(languages) as language from agent where active
        union select distinct locale from article_text where published_version is not null) s
      group by 1 order by 1`,
  )
  const languages = rows.map(({ language }) => String(language))
  return languages.length === 0 ? ['en'] : languages
}
