import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFiles } from '../../src/files/files.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createConversation } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let person: Person
let stranger: Person
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  inboxId = await readableInbox(base.db)
  person = await signedIn(server, { inboxes: [inboxId] })
  stranger = await signedIn(server)
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
function upload(who: Person, bytes: Buffer | string, name: string, headers?: Record<string, string>) {
  const form = new FormData()
  form.append('file', new Blob([bytes]), name)
  return who.call('POST /files', form, headers)
}
const open = (url: string) => fetch(`${server.url}${url}`)

describe('a file', () => {
  it('is what its bytes are, and only pictures are shown in place', async () => {
    const made = await upload(person, png, 'a.html')
    expect(made.body).toMatchObject({ name: 'a.html', type: 'image/png', size: png.length })
    const got = await open(made.body.url)
    expect(got.headers.get('content-disposition')).toMatch(/^inline/)
    expect(got.headers.get('content-security-policy')).toContain('sandbox')
    expect(got.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Buffer.from(await got.arrayBuffer()).equals(png)).toBe(true)
  })

  it('with active content is plain text to download', async () => {
    const active = [
      ['evil.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
      ['evil.html', '<!doctype html><script>alert(1)</script>'],
      ['evil.xml', '<?xml version="1.0"?><x xmlns:h="http://www.w3.org/1999/xhtml"><h:script>alert(1)</h:script></x>'],
      ['polyglot.gif', '<!--GIF89a--><script>alert(1)</script>'],
    ]
    for (const [name, text] of active) {
      const made = await upload(person, text!, name!)
      expect([name, made.body.type]).toEqual([name, 'text/plain'])
      const got = await open(made.body.url)
      expect(got.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(got.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    }
    const gif = await upload(person, 'GIF89a/*<script>alert(1)</script>*/=1', 'both.html')
    const got = await open(gif.body.url)
    expect([gif.body.type, got.headers.get('content-type')]).toEqual(['image/gif', 'image/gif'])
  })

  it('has a name that is never a path and survives the way back', async () => {
    const names: [string, string][] = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\windows\\system32\\x.dll', 'x.dll'],
      ['.htaccess', 'htaccess'],
      ['发票 2026.pdf', '发票 2026.pdf'],
      ['photo\u202Egpj.exe', 'photogpj.exe'],
      [`${'n'.repeat(300)}.png`, `${'n'.repeat(146)}.png`],
      ['a\tb\u0000.txt', 'ab.txt'],
      ['...', 'file'],
    ]
    const own = await createFiles(base.db, temporaryFolder())
    for (const [given, kept] of names) {
      const row = await own.store({ stream: Readable.from([png]), name: given, owner: 'agent:1', maxBytes: 1_000 })
      expect([given, row.name]).toEqual([given, kept])
    }
    const made = await upload(person, png, '发票 (2026).png')
    expect(made.body.name).toBe('发票 (2026).png')
    const disposition = (await open(made.body.url)).headers.get('content-disposition')
    expect(disposition).toBe(`inline; filename="__ (2026).png"; filename*=UTF-8''%E5%8F%91%E7%A5%A8%20%282026%29.png`)
  })

  it('is given only to whoever holds a good link or may see it', async () => {
    const { id, url } = (await upload(person, png, 'mine.png')).body
    expect((await open(`/api/v1/files/${id}`)).status).toBe(404)
    expect((await open(url.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')))).status).toBe(404)
    expect((await open(url.replace(/expires=\d+/, 'expires=99999999999'))).status).toBe(404)
    const other = (await upload(person, png, 'other.png')).body
    expect((await open(url.replace(`/files/${id}`, `/files/${other.id}`))).status).toBe(404)
    expect((await person.call(`GET /files/${id}`)).status).toBe(200)
    expect((await stranger.call(`GET /files/${id}`)).status).toBe(404)
  })

  it('is attached by its uploader alone, and then seen with the conversation', async () => {
    const { id } = (await upload(person, png, 'proof.png')).body
    const colleague = await signedIn(server, { inboxes: [inboxId] })
    const conversation = await createConversation(base.db.pool, { inboxId })
    const send = (who: Person) =>
      who.call(`POST /conversations/${conversation.id}/messages`, {
        kind: 'reply',
        text: 'see',
        clientId: randomUUID(),
        attachments: [id],
      })
    expect((await send(colleague)).status).toBe(422)
    const sent = await send(person)
    expect(sent.body.message.attachments).toMatchObject([
      { fileId: id, name: 'proof.png', type: 'image/png', state: 'stored' },
    ])
    expect((await colleague.call(`GET /files/${id}`)).status).toBe(200)
    expect((await stranger.call(`GET /files/${id}`)).status).toBe(404)
    expect((await stranger.call(`PATCH /agents/${stranger.id}`, { publicAvatar: id })).status).toBe(400)
  })

  it('larger than the limit leaves nothing behind', async () => {
    const folder = temporaryFolder()
    const own = await createFiles(base.db, folder)
    const big = () =>
      Readable.from(
        (function* () {
          for (let n = 0; n < 64; n++) yield Buffer.alloc(1024)
        })(),
      )
    await expect(own.store({ stream: big(), name: 'x', owner: 'agent:1', maxBytes: 60_000 })).rejects.toThrow('larger')
    expect(await readdir(`${folder}/incoming`)).toEqual([])
    const answer = await upload(person, Buffer.alloc(26 * 1024 * 1024, 1), 'big.bin').catch(() => null)
    if (answer) expect(answer.status).toBe(413)
    // Nor does it hold up what comes behind it on the same connection.
    for (let n = 0; n < 4; n++) expect((await person.call('POST /files', { file: 'x' })).status).toBe(415)
    expect((await person.call('GET /me')).status).toBe(200)
  })

  it('of the same content is one on disk, and goes when its last row goes', async () => {
    const folder = temporaryFolder()
    const own = await createFiles(base.db, folder)
    const store = () => own.store({ stream: Readable.from(['same bytes']), name: 'x', owner: 'agent:1', maxBytes: 100 })
    const [one, two] = await Promise.all([store(), store()])
    expect(one.sha256).toBe(two.sha256)
    await base.db.pool.query(`update file set created_at = now() - interval '2 days' where id = $1`, [one.id])
    await own.purge(86_400_000)
    const bytes = await (await own.open(two.id)).stream.toArray()
    expect(Buffer.concat(bytes).toString()).toBe('same bytes')
    await expect(own.open(one.id)).rejects.toThrow('not there')
    await base.db.pool.query(`update file set created_at = now() - interval '2 days' where id = $1`, [two.id])
    await own.purge(86_400_000)
    expect(await readdir(`${folder}/${two.sha256.slice(0, 2)}`)).toEqual([])
  })

  it('needs multipart, one file and no other fields', async () => {
    expect((await person.call('POST /files', { file: 'x' })).status).toBe(415)
    const extra = new FormData()
    extra.append('owner', 'agent:1')
    extra.append('file', new Blob(['x']), 'x.txt')
    expect((await person.call('POST /files', extra)).status).toBeGreaterThanOrEqual(400)
    expect((await person.call('POST /files', new FormData())).status).toBe(400)
    const headers = { 'idempotency-key': randomUUID() }
    const [first, second] = [
      await upload(person, 'same', 's.txt', headers),
      await upload(person, 'same', 's.txt', headers),
    ]
    expect(second.body.id).toBe(first.body.id)
    expect((await upload(person, 'else', 's.txt', headers)).status).toBe(422)
  })

  it('that is refused before all of it was sent takes its connection with it', async () => {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write('POST /api/v1/files HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=b\r\n')
    socket.write('content-length: 100000\r\n\r\n--b\r\n')
    const said = (await socket.toArray()).join('')
    expect(said).toMatch(/^HTTP\/1.1 401 /)
    expect(said).toMatch(/\r\nconnection: close\r\n/i)
  })
})
