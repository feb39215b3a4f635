import { createWriteStream } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { filesIn } from '../files/files.ts'
import { openBlobs } from '../files/open-blobs.ts'
import type { Done } from '../help/import-articles.ts'
import type { Command } from './command.ts'
import { type OpenSite, withDatabase } from './site.ts'

export const articlesImport: Command = {
  name: 'articles import',
  about:
    'Reads articles of the help centre from a folder: LANGUAGE/CATEGORY/ARTICLE.md. Doing it again changes nothing.',
  positionals: ['DIR'],
  options: {
    drafts: { type: 'boolean', about: 'Publishes nothing.' },
    'dry-run': { type: 'boolean', about: 'Says what it would do, and does nothing of it.' },
  },
  run: async ({ values, positionals }, output) => {
    const { readArticleFolder } = await import('../help/article-folder.ts')
    const { importArticles, importer } = await import('../help/import-articles.ts')
    const folder = await readArticleFolder(resolve(positionals[0] ?? ''))
    return withDatabase(async (site) => {
      const files = { files: await filesOf(site), q: site.db.pool, owner: importer, taken: new Map<string, string>() }
      const dryRun = values['dry-run'] === true
      const { texts, faults } = await importArticles(site.db, {
        folder,
        asDrafts: values['drafts'] === true,
        dryRun,
        files,
      })
      for (const fault of faults) output.complain(fault)
      if (dryRun) for (const { done, path } of texts) if (done !== 'unchanged') output.say(`${done} ${path}`)
      const count = (wanted: Done) => texts.filter(({ done }) => done === wanted).length
      output.say(
        `${count('added')} added, ${count('changed')} changed, ${count('unchanged')} unchanged, ${faults.length} left out.`,
      )
      return faults.length > 0 ? 1 : 0
    })
  },
}

export const articlesExport: Command = {
  name: 'articles export',
  about: 'Writes the articles of the help centre, with their pictures, into an empty folder.',
  positionals: ['DIR'],
  options: {},
  run: async ({ positionals }, output) => {
    const { exportArticles } = await import('../help/export-articles.ts')
    const root = resolve(positionals[0] ?? '')
    await mkdir(root, { recursive: true })
    if ((await readdir(root)).length > 0) throw new Error(`${root} is not empty.`)
    return withDatabase(async (site) => {
      const files = await filesOf(site)
      let count = 0
      for await (const one of exportArticles(site.db.pool)) {
        const path = join(root, one.path)
        await mkdir(dirname(path), { recursive: true })
        if ('text' in one) await writeFile(path, one.text)
        else await pipeline(files.read(one.file), createWriteStream(path))
        count += 1
      }
      output.say(`${count} files written.`)
      return 0
    })
  },
}

async function filesOf({ db, config, dataDir }: OpenSite) {
  return filesIn(db, await openBlobs(dataDir, config.s3))
}
