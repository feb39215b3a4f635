import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { ChannelAdapter } from '../channel/contract.ts'
import type { Sealer } from '../domain/sealer.ts'
import type { Files } from '../files/files.ts'
import { type Database, type Queryable, transaction } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { lockSample, newTags, type SampleRecord, sampleRecord, workHere, writeSampleRecord } from '../store/sample.ts'
import { type Desk, readDesk } from './desk-files.ts'
import { type ArticleFolder, loadArticles, readArticles } from './load-articles.ts'
import { loadCases, type StoredPicture } from './load-cases.ts'
import { loadForms } from './load-forms.ts'
import { loadInboxes } from './load-inboxes.ts'
import { loadPeople } from './load-people.ts'
import { loadPromises } from './load-promises.ts'
import { loadRules } from './load-rules.ts'

export interface SampleContext {
  readonly db: Database
  readonly channels: readonly ChannelAdapter[]
  readonly sealer: Sealer
  readonly files: Pick<Files, 'store'>
  readonly clock: () => Date
  /** Without a slash at the end. */
  readonly publicUrl: string
}

/** Somebody works here already: sample data would stand between theirs. */
export class NotEmpty extends Error {
  constructor(found: readonly string[]) {
    super(`Sample data is for an installation without work of its own. Here are already: ${found.join(', ')}.`)
    this.name = 'NotEmpty'
  }
}

/** Once, and all of it or nothing. false: it is here already. Throws NotEmpty. */
export async function loadSample(ctx: SampleContext, folder: string): Promise<boolean> {
  if (!(await isWanted(ctx.db.pool))) return false
  // All of it is read before the transaction begins: PostgreSQL ends one that stands still.
  const desk = await readDesk(folder)
  const articles = await readArticles(join(folder, 'articles'))
  const files = await storePictures(ctx, desk, folder)
  return transaction(ctx.db, async (tx) => {
    await lockSample(tx)
    if (!(await isWanted(tx))) return false
    await writeSampleRecord(tx, await loadAll(tx, ctx, { desk, articles, files }))
    await notify(tx, ['feed', 'queue', 'inbox', 'job'])
    return true
  })
}

async function isWanted(q: Queryable): Promise<boolean> {
  if (await sampleRecord(q)) return false
  const found = await workHere(q)
  if (found.length > 0) throw new NotEmpty(found)
  return true
}

interface Given {
  readonly desk: Desk
  readonly articles: ArticleFolder
  readonly files: ReadonlyMap<string, StoredPicture>
}

async function loadAll(tx: Queryable, ctx: SampleContext, { desk, files, ...given }: Given): Promise<SampleRecord> {
  const now = ctx.clock()
  const names = await loadPeople(tx, desk)
  const inboxes = await loadInboxes(tx, { ...ctx, now }, desk, names)
  await loadForms(tx, desk, names, inboxes)
  const { hours, policies } = await loadPromises(tx, desk, names, inboxes)
  const { rules, macros } = await loadRules(tx, desk, names)
  const { articles, categories, titles } = await loadArticles(tx, given.articles)
  const tags = await newTags(tx, tagsOf(desk))
  const source = (language: string, article: string) => {
    const title = titles.get(`${language} ${article}`)
    return title === undefined ? null : `[${title}](${ctx.publicUrl}/help/${language}/${article})`
  }
  await loadCases(tx, { names, inboxes, now, source, files }, desk)
  return {
    inboxes: [...inboxes.values()],
    teams: [...names.teams.values()],
    agents: [...names.agents.values()],
    topics: [...names.topics.values()],
    hours: [...hours.values()],
    policies: [...policies.values()],
    rules,
    macros: [...macros.values()],
    articles,
    categories,
    tags,
  }
}

function tagsOf({ conversations, rules, macros }: Desk): string[] {
  const actions = [...rules.flatMap((rule) => rule.do), ...macros.flatMap((macro) => macro.actions)]
  const named = actions.flatMap(({ tag }) => (tag === undefined ? [] : [String(tag)]))
  return [...named, ...conversations.flatMap((one) => one.tags)]
}

const largest = 1024 * 1024

/** Before the transaction: bytes lie outside of the database, and what nobody attached goes with the next cleaning. */
async function storePictures(
  { files }: SampleContext,
  desk: Desk,
  folder: string,
): Promise<Map<string, StoredPicture>> {
  const messages = desk.conversations.flatMap((one) => one.messages)
  const stored = new Map<string, StoredPicture>()
  for (const name of new Set(messages.flatMap(({ attachment }) => attachment ?? []))) {
    const stream = createReadStream(join(folder, 'files', name))
    const row = await files.store({ stream, name, owner: 'import', maxBytes: largest })
    stored.set(name, { id: row.id, name: row.name, type: row.type, size: Number(row.size) })
  }
  return stored
}
