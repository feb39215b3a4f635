import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, writeFileSync } from 'node:fs'
import { utimes } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import S3rver from 's3rver'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ChannelError } from '../../src/channel/errors.ts'
import { TooLarge } from '../../src/files/blob-store.ts'
import { filesIn } from '../../src/files/files.ts'
import { checkBucket, createS3Blobs, regionOf, type S3Place } from '../../src/files/s3-blobs.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type HttpServer, httpServer, signedIn } from '../support/http-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let base: TestDatabase
let s3: S3rver
let door: Server
let open: Set<Socket>
let place: S3Place
/** What of the network between us and the bucket works. */
let weather: 'fine' | 'refuse' | 'cutUpload' = 'fine'

beforeAll(async () => {
  base = await testDatabase()
  const directory = join('/tmp', `tributary-s3-${randomBytes(6).toString('hex')}`)
  s3 = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: 'inbox' }] })
  const { port } = await s3.run()
  open = new Set()
  door = createServer((socket) => pass(socket, port)).listen(0, '127.0.0.1')
  await new Promise((listening) => door.once('listening', listening))
  const address = door.address() as { port: number }
  place = { endpoint: `http://127.0.0.1:${address.port}`, bucket: 'inbox', key: 'S3RVER', secret: 'S3RVER' }
})
afterAll(async () => {
  for (const socket of open) socket.destroy()
  door?.close()
  await s3?.close()
  await base?.close()
})

function pass(socket: Socket, port: number): void {
  open.add(socket)
  socket.on('error', () => {}).on('close', () => open.delete(socket))
  if (weather === 'refuse') return void socket.destroy()
  const onward = connect(port, '127.0.0.1')
  onward.on('error', () => socket.destroy()).on('close', () => socket.destroy())
  socket.on('close', () => onward.destroy())
  let passed = 0
  socket.on('data', (chunk: Buffer) => {
    passed += chunk.length
    if (weather === 'cutUpload' && passed > 200_000) socket.destroy()
    else onward.write(chunk)
  })
  onward.pipe(socket)
}
const turn = (to: typeof weather) => {
  weather = to
  for (const socket of open) socket.destroy()
}

const blobs = async () => {
  const folder = temporaryFolder()
  return { folder, store: await createS3Blobs(place, folder) }
}
const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const given = (bytes: Buffer) => Readable.from([bytes.subarray(0, 100), bytes.subarray(100)])

describe('files in a bucket', { timeout: 60_000 }, () => {
  it('are whole or not there, and leave nothing on the disk', async () => {
    const { folder, store } = await blobs()
    const bytes = randomBytes(700_000)
    const received = await store.receive(given(bytes), 1e6)
    expect(received).toMatchObject({ sha256: sha(bytes), size: bytes.length })
    expect(received.head).toEqual(bytes.subarray(0, received.head.length))
    expect(await store.size(received.sha256)).toBeNull()
    await received.keep()
    await received.drop()
    expect(readdirSync(folder)).toEqual([])
    expect(await store.size(received.sha256)).toBe(bytes.length)
    expect(await buffer(store.read(received.sha256))).toEqual(bytes)
    await store.remove(received.sha256)
    expect(await store.size(received.sha256)).toBeNull()
    await expect(buffer(store.read(received.sha256))).rejects.toThrow(ChannelError)
  })

  it('that break off on the way in, or are too large, are not there', async () => {
    const { folder, store } = await blobs()
    await expect(store.receive(given(randomBytes(2_000)), 1_000)).rejects.toThrow(TooLarge)
    async function* breaking() {
      yield randomBytes(1_000)
      throw new Error('the sender went away')
    }
    await expect(store.receive(Readable.from(breaking()), 1e6)).rejects.toThrow('the sender went away')
    expect(readdirSync(folder)).toEqual([])
    writeFileSync(join(folder, 'left-by-a-killed-process'), 'half')
    await utimes(join(folder, 'left-by-a-killed-process'), 0, 0)
    expect(await store.sweep(1_000)).toBe(1)
  })

  it('that break off on the way to the bucket go there whole once it answers, and spoil none that is there', async () => {
    const { store } = await blobs()
    const bytes = randomBytes(700_000)
    const received = await store.receive(given(bytes), 1e6)
    turn('cutUpload')
    await expect(received.keep()).rejects.toMatchObject({ failure: { kind: 'unavailable' } })
    turn('fine')
    expect(await store.size(received.sha256)).not.toBe(bytes.length)
    await received.keep()
    expect(await buffer(store.read(received.sha256))).toEqual(bytes)
    turn('cutUpload')
    await (await store.receive(given(bytes), 1e6)).keep()
    turn('fine')
    expect(await buffer(store.read(received.sha256))).toEqual(bytes)
  })

  it('are put again when a clean-up removed them while their row was being written', async () => {
    const { store } = await blobs()
    const bytes = randomBytes(5_000)
    const files = filesIn(base.db, {
      ...store,
      receive: async (stream, maxBytes) => {
        const received = await store.receive(stream, maxBytes)
        return { ...received, keep: () => store.remove(received.sha256) }
      },
    })
    const row = await files.store({ stream: given(bytes), name: 'a.bin', owner: 'agent:1', maxBytes: 1e6 })
    expect(await buffer((await files.open(row.id)).stream)).toEqual(bytes)
  })

  it('of the region the provider writes into its name', () => {
    expect(regionOf('https://s3.eu-central-1.amazonaws.com')).toBe('eu-central-1')
    expect(regionOf('https://s3.us-west-004.backblazeb2.com')).toBe('us-west-004')
    expect(regionOf('https://s3.amazonaws.com')).toBe('us-east-1')
    expect(regionOf('http://127.0.0.1:9000')).toBe('us-east-1')
  })

  it('are checked by writing one: a bucket that is not there or a wrong key is told', async () => {
    await checkBucket(place)
    await expect(checkBucket({ ...place, bucket: 'nothing-here' })).rejects.toThrow()
    await expect(checkBucket({ ...place, key: 'WRONG' })).rejects.toThrow()
  })
})

it('uploads and downloads go through the bucket, and a bucket that is away is 503, not a crash', {
  timeout: 60_000,
}, async () => {
  const server: HttpServer = await httpServer(base.db, { files: filesIn(base.db, (await blobs()).store) })
  onTestFinished(() => server.close())
  const person = await signedIn(server)
  const bytes = randomBytes(300_000)
  const form = () => {
    const data = new FormData()
    data.append('file', new Blob([bytes]), 'report.bin')
    return data
  }
  const made = await person.call('POST /files', form())
  expect(made.status).toBe(201)
  const download = () => fetch(`${server.url}/api/v1/files/${made.body.id}`, { headers: { cookie: person.cookie } })
  expect(Buffer.from(await (await download()).arrayBuffer())).toEqual(bytes)
  turn('refuse')
  expect((await person.call('POST /files', form())).status).toBe(503)
  expect((await download()).status).toBe(503)
  turn('fine')
  expect((await person.call('POST /files', form())).status).toBe(201)
  expect((await download()).status).toBe(200)
})
