import {
  type CategoryText,
  createCategory,
  deleteCategory,
  findCategory,
  keepCategoryTexts,
  listCategories,
  lockHelpSlugs,
  slugIsTaken,
  updateCategory,
  writeCategoryTexts,
} from '../../store/article-category.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import { articleCategory, articleCategoryPatch, newArticleCategory } from '../../wire/article.ts'
import { page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { HttpError, notFound } from '../http-error.ts'

/** Everybody reads them; supervisors and administrators change them. */
export function registerArticleCategories(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/article-categories',
    {
      config: { access: 'read' },
      schema: { summary: 'Categories of the help centre, in their order', response: { 200: page(articleCategory) } },
    },
    async () => ({ items: (await listCategories(pool)).map((row) => ({ ...row, texts: [...row.texts] })), next: null }),
  )
  app.post(
    '/article-categories',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Make a category; supervisors and administrators',
        body: newArticleCategory,
        response: { 201: articleCategory },
      },
    },
    async (request, reply) => {
      requireLead(request)
      const { slug, position = 0, texts } = request.body
      const id = await transaction(deps.db, async (tx) => {
        await requireFree(tx, slug)
        const made = await createCategory(tx, slug, position)
        await writeTexts(tx, made, texts)
        return made
      })
      return reply.code(201).send(await viewOf(deps, id))
    },
  )
  app.patch(
    '/article-categories/:id',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Change a category; `texts` replaces all of its names',
        params: idParams,
        body: articleCategoryPatch,
        response: { 200: articleCategory },
      },
    },
    async (request) => {
      requireLead(request)
      const { id } = request.params
      const { texts, ...changes } = request.body
      await transaction(deps.db, async (tx) => {
        if (changes.slug !== undefined) await requireFree(tx, changes.slug)
        if (!(await updateCategory(tx, id, changes))) throw notFound('This category')
        if (texts) await writeTexts(tx, id, texts)
      })
      return viewOf(deps, id)
    },
  )
  app.delete(
    '/article-categories/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Delete a category that has no articles', params: idParams, response: noContent },
    },
    async (request, reply) => {
      requireLead(request)
      const deleted = await deleteCategory(pool, request.params.id).catch((error: { code?: string }) => {
        if (error.code !== '23503') throw error
        throw new HttpError(409, 'notEmpty', 'This category has articles. Move or delete them first.')
      })
      if (!deleted) throw notFound('This category')
      return reply.code(204).send()
    },
  )
}

/** A category and an article have their addresses in the same place. */
async function requireFree(tx: Queryable, slug: string): Promise<void> {
  await lockHelpSlugs(tx)
  if (await slugIsTaken(tx, slug, 'article')) throw new HttpError(409, 'exists', 'An article has this address.')
}

async function writeTexts(tx: Queryable, id: string, texts: readonly CategoryText[]): Promise<void> {
  const last = [...new Map(texts.map((text) => [text.locale, text])).values()]
  await keepCategoryTexts(
    tx,
    id,
    last.map((text) => text.locale),
  )
  await writeCategoryTexts(tx, id, last)
}

async function viewOf(deps: HttpDeps, id: string) {
  const row = await findCategory(deps.db.pool, id)
  if (!row) throw notFound('This category')
  return { ...row, texts: [...row.texts] }
}
