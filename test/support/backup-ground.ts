import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { putBack } from '../../src/cli/put-back.ts'
import { verifyArchive } from '../../src/cli/read-archive.ts'
import { takeBackup } from '../../src/cli/take-backup.ts'
import { createDiskBlobs } from '../../src/files/blob-store.ts'
import { createFiles } from '../../src/files/files.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type Database, type DatabaseTarget, openDatabase, type Queryable } from '../../src/store/database.ts'
import { emptyDatabase } from './database.ts'
import { said } from './events.ts'
import { createAgent, createConversation, createInbox, createMessage } from './factories.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** What COPY must not mangle. */
const awkward = 'Tab\there, back\\slash, \\N, \\., line\nfeed, carriage\rreturn, "quotes", 中文 🎉, \u0001'

export interface Original {
  readonly db: Database
  readonly target: DatabaseTarget
  readonly files: string
}

/** A little of everything, with two files of which one has two names. */
export async function furnish({ db, files }: Original): Promise<{ inboxId: string; deliveries: readonly string[] }> {
  const q = db.pool
  const inboxId = await createInbox(q, { settings: { note: awkward }, name: awkward })
  const agentId = await createAgent(q, { inboxes: [inboxId] })
  await recordInbound(db, { inboxId, now: new Date(), batch: { events: [said(awkward), said('two', { chat: 'b' })] } })
  await q.query(`insert into session (agent_id, token_hash, csrf_token, expires_at) values ($1, $2, 'c', 'infinity')`, [
    agentId,
    randomBytes(8),
  ])
  await q.query(`insert into conversation_tag values ((select max(id) from conversation), $1, 'open', now())`, [
    awkward,
  ])
  const store = await createFiles(db, files)
  for (const [name, bytes] of [
    ['a', 'one'],
    ['b', 'one'],
    ['c', randomBytes(300_000)],
  ] as const)
    await store.store({ stream: Readable.from([bytes]), name, owner: `inbox:${inboxId}`, maxBytes: 1e6 })
  return { inboxId, deliveries: await outgoing(q, inboxId) }
}

/** Of four threads: on its way, waiting, and a message of two parts that waits. */
async function outgoing(q: Queryable, inboxId: string): Promise<string[]> {
  const made: string[] = []
  for (const states of [['sending'], ['pending'], ['pending', 'pending']]) {
    const conversation = await createConversation(q, { inboxId })
    const messageId = await createMessage(q, conversation, { direction: 'out' })
    for (const [part, state] of states.entries()) {
      const { rows } = await q.query(
        `insert into delivery (inbox_id, thread_id, place, conversation_id, message_id, part, payload, idempotency_key, state,
           lease_until) values ($1, $2, 'p', $3, $4, $5, '{}', $6, $7, now() + interval '1 hour') returning id`,
        [inboxId, conversation.threadId, conversation.id, messageId, part, randomBytes(8).toString('hex'), state],
      )
      made.push((rows[0] as { id: string }).id)
    }
  }
  return made
}

export async function backUp(original: Original, wish: Partial<Parameters<typeof takeBackup>[0]> = {}) {
  const path = join(temporaryFolder(), 'backup.tar.gz')
  const blobs = await createDiskBlobs(original.files)
  const done = await takeBackup({ target: original.target, path, blobs, ...wish })
  return { path: wish.path ?? path, done }
}

/** Into an empty database, or the one given; answers it opened, with the folder of its files. */
export async function restored(path: string, wish: { target?: DatabaseTarget; nothingRanSince?: boolean } = {}) {
  const target = wish.target ?? (await emptyTarget())
  const files = join(temporaryFolder(), 'files')
  const blobs = await createDiskBlobs(files)
  const nothingRanSince = wish.nothingRanSince ?? false
  await putBack({ path, verified: await verifyArchive(path), target, blobs, nothingRanSince })
  return { db: await opened(target), target, files }
}

export async function emptyTarget(): Promise<DatabaseTarget> {
  const { target, drop } = await emptyDatabase()
  onTestFinished(drop)
  return target
}

export async function opened(target: DatabaseTarget): Promise<Database> {
  const db = await openDatabase(target, { poolSize: 3 })
  onTestFinished(() => db.close())
  return db
}

/** Every row of every table as text; the list of migrations has ids and times of its own. */
export async function allRows(q: Queryable): Promise<Map<string, string[]>> {
  const { rows } = await q.query(
    `select tablename as name from pg_tables where schemaname = current_schema() and tablename <> 'migrations' order by 1`,
  )
  const all = new Map<string, string[]>()
  for (const { name } of rows as { name: string }[]) {
    const { rows: found } = await q.query(`select t::text as row from "${name}" t order by 1`)
    all.set(
      name,
      (found as { row: string }[]).map(({ row }) => row),
    )
  }
  return all
}

/** Whether every content that the database names lies in the folder, unaltered; answers how many. */
export async function intactFiles(q: Queryable, folder: string): Promise<number> {
  const { rows } = await q.query(`select distinct encode(sha256, 'hex') as sha256 from file`)
  for (const { sha256 } of rows as { sha256: string }[]) {
    const bytes = readFileSync(join(folder, sha256.slice(0, 2), sha256))
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) throw new Error(`${sha256} is altered`)
  }
  return rows.length
}
