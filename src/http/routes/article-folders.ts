import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { readArticleFolder } from '../../help/article-folder.ts'
import { exportArticles } from '../../help/export-articles.ts'
import { importArticles, importer } from '../../help/import-articles.ts'
import { articleImport, articleImportQuery } from '../../wire/article-folder.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { largestFolder, withReceivedFolder } from '../received-folder.ts'

/** All articles at once, as a folder of Markdown files: in and out. */
export function registerArticleFolders(app: Api, deps: HttpDeps): void {
  app.post(
    '/articles/import',
    {
      config: { access: 'write' },
      bodyLimit: largestFolder,
      schema: {
        summary: 'Take in a folder, each file under its path in it: LANGUAGE/CATEGORY/ARTICLE.md, files/NAME',
        consumes: ['multipart/form-data'],
        querystring: articleImportQuery,
        response: { 200: articleImport },
      },
    },
    (request) => {
      requireLead(request)
      const { dryRun, drafts } = request.query
      return withReceivedFolder(request, async ({ root, faults }) => {
        const { pool } = deps.db
        const { texts, faults: more } = await importArticles(deps.db, {
          folder: await readArticleFolder(root),
          asDrafts: drafts === 'true',
          dryRun: dryRun === 'true',
          files: { files: deps.files, q: pool, owner: importer, taken: new Map() },
        })
        return { texts: [...texts], faults: [...faults, ...more] }
      })
    },
  )
  app.get(
    '/articles/export',
    {
      config: { access: 'read' },
      schema: { summary: 'All articles with their pictures, as a .tar.gz of the folder that `import` takes' },
    },
    async (_request, reply) => {
      reply.headers({
        'content-type': 'application/gzip',
        'content-disposition': 'attachment; filename="articles.tar.gz"',
        'cache-control': 'no-store',
      })
      return reply.send(await archive(deps))
    },
  )
}

async function archive(deps: HttpDeps): Promise<Readable> {
  const { pack } = await import('tar-stream')
  const tar = pack()
  const zipped = createGzip()
  const write = async () => {
    for await (const one of exportArticles(deps.db.pool)) {
      if ('text' in one) tar.entry({ name: one.path }, one.text)
      else await pipeline(deps.files.read(one.file), tar.entry({ name: one.path, size: one.file.size }))
    }
    tar.finalize()
  }
  // Whoever reads it must see that it broke off, and not a whole archive with less in it.
  void write().catch((error: Error) => tar.destroy(error))
  void pipeline(tar, zipped).catch(() => {})
  return zipped
}
