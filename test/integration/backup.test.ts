import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { putBack } from '../../src/cli/put-back.ts'
import { verifyArchive } from '../../src/cli/read-archive.ts'
import { reapDeliveries } from '../../src/delivery/recover.ts'
import { createDiskBlobs } from '../../src/files/blob-store.ts'
import { createFiles } from '../../src/files/files.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { migrate, migrationNames, openDatabase, pendingMigrations, runMigrations } from '../../src/store/database.ts'
import { attachEmbedded } from '../../src/store/embedded.ts'
import {
  allRows,
  backUp,
  emptyTarget,
  furnish,
  intactFiles,
  type Original,
  opened,
  restored,
} from '../support/backup-ground.ts'
import { testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createInbox } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let original: Original

beforeEach(async () => {
  const { db, target, close } = await testDatabase()
  onTestFinished(close)
  original = { db, target, files: join(temporaryFolder(), 'files') }
})

/** What a restore changes on purpose. */
const settled = ['session', 'sign_in_attempt', 'feed_head', 'delivery', 'inbox']

it('gives back every row and every file as they were', async () => {
  await furnish(original)
  const before = await allRows(original.db.pool)
  const { path, done } = await backUp(original)
  expect(done).toMatchObject({ files: { inside: true, count: 2, missing: [] } })
  const copy = await restored(path, { nothingRanSince: true })
  const after = await allRows(copy.db.pool)
  expect([...after.keys()]).toEqual([...before.keys()])
  for (const [table, rows] of before)
    if (!settled.includes(table)) expect.soft([table, after.get(table)]).toEqual([table, rows])
  expect(after.get('delivery')).toHaveLength(before.get('delivery')?.length ?? 0)
  expect(after.get('inbox')).toEqual(before.get('inbox'))
  expect(await intactFiles(copy.db.pool, copy.files)).toBe(2)
  expect(await pendingMigrations(copy.db)).toBe(false)
})

it('lets nobody in by an old cookie, and gives no id away that was given away after the backup', async () => {
  const { inboxId } = await furnish(original)
  const { path } = await backUp(original)
  const batch = { events: [said('after the backup', { chat: 'new' })] }
  await recordInbound(original.db, { inboxId, now: new Date(), batch })
  const last =
    'select max(id)::bigint as id, max(number)::bigint as number from conversation c left join (select 1) x on true'
  const known = (await original.db.pool.query(last)).rows[0]
  const copy = await restored(path)
  expect((await allRows(copy.db.pool)).get('session')).toEqual([])
  await recordInbound(copy.db, { inboxId, now: new Date(), batch })
  const made = (await copy.db.pool.query(last)).rows[0]
  expect(Number(made.id)).toBeGreaterThan(Number(known.id))
  expect(made.number).toBe(known.number)
})

it('sends nothing again that the original may have sent after the backup, unless told that it did not run', async () => {
  const { deliveries } = await furnish(original)
  const { path } = await backUp(original)
  const states = async (wish: { nothingRanSince: boolean }) => {
    const copy = await restored(path, wish)
    await reapDeliveries({ db: copy.db, connections: scriptedChannel().connections })
    const { rows } = await copy.db.pool.query('select state from delivery where id = any($1) order by id', [deliveries])
    return rows.map(({ state }) => state)
  }
  expect(await states({ nothingRanSince: false })).toEqual(['uncertain', 'uncertain', 'uncertain', 'held'])
  expect(await states({ nothingRanSince: true })).toEqual(['uncertain', 'pending', 'pending', 'pending'])
})

it('is of one moment, whoever writes meanwhile', async () => {
  const writers = await Promise.all([1, 2, 3].map(() => createInbox(original.db.pool)))
  const store = await createFiles(original.db, original.files)
  let stop = false
  const written = writers.map(() => 0)
  const write = async (inboxId: string, writer: number) => {
    while (!stop) {
      const owner = `writer:${inboxId}`
      await store.store({ stream: Readable.from([`${inboxId} ${written[writer]}`]), name: 'f', owner, maxBytes: 1e3 })
      const events = [said(`${written[writer]}`, { chat: `${inboxId}-${written[writer]}` })]
      await recordInbound(original.db, { inboxId, now: new Date(), batch: { events } })
      written[writer] = (written[writer] ?? 0) + 1
    }
  }
  const writing = writers.map(write)
  onTestFinished(async () => {
    stop = true
    await Promise.allSettled(writing)
  })
  await expect.poll(() => Math.min(...written), { timeout: 15_000 }).toBeGreaterThan(5)
  const before = [...written]
  const { path } = await backUp(original)
  stop = true
  await Promise.all(writing)
  const copy = await restored(path)
  const later = await allRows(original.db.pool)
  for (const table of ['message', 'inbound_event', 'file', 'identity']) {
    const rows = (await allRows(copy.db.pool)).get(table) ?? []
    expect(rows.length, table).toBeGreaterThan(0)
    expect(
      rows.filter((row) => !later.get(table)?.includes(row)),
      table,
    ).toEqual([])
  }
  const { rows } = await copy.db.pool.query(
    `select (select count(*)::int from message m join conversation c on c.id = m.conversation_id where c.inbox_id = i.id) as messages,
       (select count(*)::int from inbound_event e where e.inbox_id = i.id) as events,
       (select count(*)::int from file f where f.owner = 'writer:' || i.id) as files,
       (select coalesce(max(m.text::int), -1) + 1 from message m join conversation c on c.id = m.conversation_id
         where c.inbox_id = i.id) as through from inbox i order by array_position($1, i.id)`,
    [writers],
  )
  for (const [writer, { messages, events, files, through }] of rows.entries()) {
    expect(messages).toBeGreaterThanOrEqual(before[writer] ?? 0)
    expect([events, through]).toEqual([messages, messages])
    expect([messages, messages + 1]).toContain(files)
  }
  await intactFiles(copy.db.pool, copy.files)
})

it('keeps a file of its moment although it is purged meanwhile', async () => {
  await furnish(original)
  await original.db.pool.query(`update file set created_at = now() - interval '1 day'`)
  const store = await createFiles(original.db, original.files)
  let purged: number | undefined
  const blobs = await createDiskBlobs(original.files)
  const size = async (sha256: string) => {
    purged ??= await store.purge(1000)
    return blobs.size(sha256)
  }
  const { done } = await backUp(original, { blobs: { ...blobs, size } })
  expect([purged, done.files.count]).toEqual([0, 2])
  expect(await store.purge(1000)).toBe(3)
})

it('says which file is lost, and goes on without it when told to', async () => {
  await furnish(original)
  const { rows } = await original.db.pool.query(`select encode(sha256, 'hex') as sha256 from file where name = 'c'`)
  const sha256 = rows[0].sha256 as string
  const place = join(original.files, sha256.slice(0, 2), sha256)
  const bytes = readFileSync(place)
  for (const spoil of [() => rmSync(place), () => writeFileSync(place, bytes.fill(1, 500, 501))]) {
    spoil()
    await expect(backUp(original)).rejects.toThrow(`A file is lost or damaged: ${sha256}`)
    const { path, done } = await backUp(original, { skipMissing: true })
    expect(done.files.missing).toEqual([sha256])
    const copy = await restored(path)
    expect(existsSync(join(copy.files, sha256.slice(0, 2), sha256))).toBe(false)
  }
})

it('refuses an archive of which a byte is missing or another', async () => {
  await furnish(original)
  const { path } = await backUp(original)
  const whole = readFileSync(path)
  const other = join(dirname(path), 'other')
  const refusal = (bytes: Buffer) => {
    writeFileSync(other, bytes)
    return expect.soft(verifyArchive(other)).rejects.toThrow(/^\S+ (is (damaged|no backup|not complete))/)
  }
  for (const part of [0, 10, 0.3, 0.9]) await refusal(whole.subarray(0, part < 1 ? whole.length * part : part))
  await refusal(whole.subarray(0, -1))
  const flipped = (bytes: Buffer, at: number) => {
    const altered = Buffer.from(bytes)
    altered.writeUInt8(altered.readUInt8(at) ^ 0x10, at)
    return altered
  }
  for (let at = 10; at < whole.length; at += Math.ceil(whole.length / 40)) await refusal(flipped(whole, at))
  // With a checksum of the compression that is right again; what is zero may be filling.
  const plain = gunzipSync(whole)
  for (let at = 0; at < plain.length; at += Math.ceil(plain.length / 80))
    if (plain[at] !== 0) await refusal(gzipSync(flipped(plain, at)))
})

it('restores into an empty database only, and into one left by a restore that broke off', async () => {
  await furnish(original)
  const { path } = await backUp(original)
  const used = await emptyTarget()
  await migrate(used)
  await createInbox((await opened(used)).pool)
  await expect(restored(path, { target: used })).rejects.toThrow('not empty: there is something in its table inbox')
  const left = await emptyTarget()
  await migrate(left)
  const running = await openDatabase(left, { poolSize: 1 })
  await expect(restored(path, { target: left })).rejects.toThrow('running on this database')
  await running.close()
  await restored(path, { target: left })
})

it('leaves no row when the archive changes under it', async () => {
  await furnish(original)
  const first = await backUp(original)
  const verified = await verifyArchive(first.path)
  await furnish(original)
  const second = await backUp(original)
  const target = await emptyTarget()
  const blobs = await createDiskBlobs(join(temporaryFolder(), 'files'))
  const changed = putBack({ path: second.path, verified, target, blobs, nothingRanSince: false })
  await expect(changed).rejects.toThrow('was changed while it was read')
  const rows = await allRows((await opened(target)).pool)
  expect([...rows].filter(([table, found]) => table !== 'feed_head' && found.length > 0)).toEqual([])
})

it('brings a backup of an older release to this one', async () => {
  const older = await emptyTarget()
  await runMigrations(older, migrationNames().slice(0, 2))
  const db = await opened(older)
  await createInbox(db.pool, { name: 'from before' })
  const { path } = await backUp({ ...original, db, target: older })
  const copy = await restored(path)
  expect(await pendingMigrations(copy.db)).toBe(false)
  expect((await copy.db.pool.query('select name from inbox')).rows).toEqual([{ name: 'from before' }])
})

it.runIf(process.env['TEST_DATABASE_URL'])('goes to another version of PostgreSQL and back', async () => {
  await furnish(original)
  const before = await allRows(original.db.pool)
  const dataDir = join(temporaryFolder(), 'data')
  const server = await attachEmbedded({ dataDir, dataDirIsDefault: false, log: pino({ level: 'silent' }) })
  onTestFinished(server.stop)
  const there = await restored((await backUp(original)).path, { target: server.target, nothingRanSince: true })
  const back = await restored((await backUp(there)).path, { nothingRanSince: true })
  for (const copy of [there, back])
    for (const [table, rows] of await allRows(copy.db.pool))
      if (!settled.includes(table)) expect.soft([table, rows]).toEqual([table, before.get(table)])
})

it('leaves nothing when it is stopped in the middle', async () => {
  await furnish(original)
  const stop = new AbortController()
  const folder = temporaryFolder()
  const wish = { path: join(folder, 'b.tar.gz'), signal: stop.signal, progress: () => stop.abort() }
  await expect(backUp(original, wish)).rejects.toThrow('Stopped')
  expect(readdirSync(folder)).toEqual([])
  await backUp(original, { path: wish.path })
  expect(readdirSync(folder)).toEqual(['b.tar.gz'])
})
