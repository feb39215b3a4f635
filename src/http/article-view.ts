import type { FileLinks } from '../security/file-link.ts'
import { type ArticleRow, findArticle } from '../store/article.ts'
import { filesOfArticle } from '../store/article-file.ts'
import { listTexts, type TextRow } from '../store/article-text.ts'
import type { VersionRow } from '../store/article-version.ts'
import type { Article, ArticleVersion, ListedArticle } from '../wire/article.ts'
import type { HttpDeps } from './deps.ts'
import { notFound } from './http-error.ts'

export function listedArticleView(row: ArticleRow): ListedArticle {
  return { ...row, updatedAt: row.updatedAt.toISOString(), texts: [...row.texts] }
}

/** The whole of it, drafts included. */
export async function articleView({ db, publicUrl }: HttpDeps, links: FileLinks, id: string): Promise<Article> {
  const row = await findArticle(db.pool, id)
  if (!row) throw notFound('This article')
  const [texts, files] = await Promise.all([listTexts(db.pool, id), filesOfArticle(db.pool, id, null)])
  return {
    ...listedArticleView(row),
    texts: texts.map((text) => textView(text, `${publicUrl}/help/${text.locale}/${row.slug}`)),
    files: files.map(({ id: fileId, name, type }) => ({ id: fileId, name, type, url: links.urlOf(fileId) })),
  }
}

function textView(row: TextRow, url: string): Article['texts'][number] {
  const { versionNumber, helpful, unhelpful, updatedAt, keywords, phrasings, ...text } = row
  return {
    ...text,
    keywords: [...keywords],
    phrasings: [...phrasings],
    version: versionNumber,
    updatedAt: updatedAt.toISOString(),
    url: row.state === 'published' ? url : null,
    feedback: { helpful, unhelpful },
  }
}

export function versionView({ id: _, publishedAt, ...row }: VersionRow): ArticleVersion {
  return { ...row, publishedAt: publishedAt.toISOString() }
}
