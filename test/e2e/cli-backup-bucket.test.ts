import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'
import { expect, onTestFinished, test } from 'vitest'
import { createS3Blobs, type S3Place } from '../../src/files/s3-blobs.ts'
import { openDatabase } from '../../src/store/database.ts'
import { allRows } from '../support/backup-ground.ts'
import { tributaryDone, tributaryStarted } from '../support/cli-process.ts'
import { cloneTemplate, emptyDatabase } from '../support/database.ts'
import { urlOf } from '../support/database-target.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { newVisitor } from '../support/visitor-app.ts'

const token = randomBytes(24).toString('hex')
const writers = 3

/** A bucket server with two buckets, and what an installation on one of them is told. */
async function twoBuckets() {
  const configureBuckets = [{ name: 'original' }, { name: 'copy' }]
  const s3 = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: temporaryFolder(), configureBuckets })
  const { port } = await s3.run()
  onTestFinished(() => s3.close())
  return (bucket: string): S3Place => ({
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    key: 'S3RVER',
    secret: 'S3RVER',
  })
}

async function site(place: S3Place, database: Awaited<ReturnType<typeof emptyDatabase>>) {
  onTestFinished(database.drop)
  const dataDir = join(temporaryFolder(), 'data')
  const env = {
    DATA_DIR: dataDir,
    DATABASE_URL: urlOf(database.target),
    API_TOKEN: token,
    S3_ENDPOINT: place.endpoint,
    S3_BUCKET: place.bucket,
    S3_KEY: place.key,
    S3_SECRET: place.secret,
  }
  const rows = async () => {
    const db = await openDatabase(database.target, { poolSize: 1 })
    const found = await allRows(db.pool).finally(() => db.close())
    return found
  }
  return { env, dataDir, rows, place }
}

/** Content of every object, by its name. */
async function contents(place: S3Place): Promise<Map<string, string>> {
  const credentials = { accessKeyId: place.key, secretAccessKey: place.secret }
  const client = new S3Client({ endpoint: place.endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
  const blobs = await createS3Blobs(place, join(temporaryFolder(), 'incoming'))
  const found = new Map<string, string>()
  let after: string | undefined
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: place.bucket, StartAfter: after }))
    for (const { Key = '' } of page.Contents ?? []) {
      const sha256 = Key.split('/').at(-1) ?? ''
      found.set(
        sha256,
        createHash('sha256')
          .update(await buffer(blobs.read(sha256)))
          .digest('hex'),
      )
    }
    after = page.IsTruncated ? page.Contents?.at(-1)?.Key : undefined
  } while (after !== undefined)
  client.destroy()
  return found
}

const api = (url: string) => async (method: string, path: string, body?: object) => {
  const raw = body instanceof FormData
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && !raw && { 'content-type': 'application/json' }) },
    ...(body && { body: raw ? body : JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer
}

/** Notes with a file each, until the server is gone; answers the texts that were acknowledged. */
async function write(url: string, conversationId: string, acknowledged: string[]): Promise<void> {
  const call = api(url)
  for (let n = 0; ; n += 1) {
    const form = new FormData()
    form.append('file', new Blob([randomBytes(1_000 + (n % 7) * 20_000)]), `${n}.bin`)
    const { id } = (await (await call('POST', '/files', form)).json()) as { id: string }
    const text = `note ${n} of ${conversationId}`
    const note = { kind: 'note', text, attachments: [id], clientId: randomUUID() }
    await call('POST', `/conversations/${conversationId}/messages`, note)
    acknowledged.push(text)
  }
}

test('files in a bucket are backed up while everybody writes, and restored into an empty bucket and database', async () => {
  const place = await twoBuckets()
  const original = await site(place('original'), await cloneTemplate())
  const run = await tributaryStarted({ env: original.env })
  const call = api(run.url)
  const inbox = { channel: 'widget', name: 'Website', settings: { origins: [] } }
  const { id } = (await (await call('POST', '/inboxes', inbox)).json()) as { id: string }
  for (let n = 0; n < writers; n += 1) await (await newVisitor(run, id)).send(`question ${n}`)
  const { items } = (await (await call('GET', '/conversations')).json()) as { items: { id: string }[] }
  expect(items).toHaveLength(writers)
  const acknowledged: string[] = []
  const writing = Promise.allSettled(items.map((one) => write(run.url, one.id, acknowledged)))
  await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(20)

  const before = [...acknowledged]
  const file = join(temporaryFolder(), 'backup.tar.gz')
  expect(await tributaryDone(['backup', file], { env: original.env })).toMatchObject({ code: 0 })
  expect(acknowledged.length).toBeGreaterThan(before.length)
  process.kill(-(run.child.pid ?? 0), 'SIGKILL')
  await writing

  const copy = await site(place('copy'), await emptyDatabase())
  expect(await tributaryDone(['restore', file], { env: copy.env })).toMatchObject({ code: 0 })
  const [then, now] = [await original.rows(), await copy.rows()]
  const notes = now.get('message')?.join('\n') ?? ''
  expect(before.filter((text) => !notes.includes(text))).toEqual([])
  // What only ever grows is, row by row, what the original has: of one moment between the two ends of the backup.
  for (const table of ['message', 'attachment', 'file', 'identity', 'inbound_event', 'contact', 'agent', 'token']) {
    const rows = now.get(table) ?? []
    const known = new Set(then.get(table))
    expect
      .soft(
        rows.filter((row) => !known.has(row)),
        table,
      )
      .toEqual([])
    expect
      .soft(known.size - rows.length, table)
      .toBeLessThanOrEqual(2 * (acknowledged.length - before.length + writers))
  }
  expect(now.get('attachment')).toHaveLength((now.get('message')?.length ?? 0) - writers)

  const [kept, restored] = [await contents(original.place), await contents(copy.place)]
  const named = (now.get('file') ?? []).map((row) => /\\\\x([0-9a-f]{64})/.exec(row)?.[1] ?? row)
  expect([...restored.keys()].sort()).toEqual([...new Set(named)].sort())
  for (const [sha256, hash] of restored) expect([hash, kept.get(sha256)]).toEqual([sha256, sha256])

  copyFileSync(join(original.dataDir, 'secret.key'), join(copy.dataDir, 'secret.key'))
  const again = await tributaryStarted({ env: copy.env })
  const messages = (await (await api(again.url)('GET', `/conversations/${items[0]?.id}/messages`)).json()) as {
    items: { attachments: { url: string }[] }[]
  }
  const url = messages.items.flatMap(({ attachments }) => attachments)[0]?.url ?? ''
  const download = await fetch(new URL(url, again.url), { headers: { authorization: `Bearer ${token}` } })
  expect(
    restored.has(
      createHash('sha256')
        .update(Buffer.from(await download.arrayBuffer()))
        .digest('hex'),
    ),
  ).toBe(true)
  console.log(JSON.stringify({ before: before.length, during: acknowledged.length, files: restored.size }))
}, 180_000)
