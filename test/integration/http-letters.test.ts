import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChannelAdapter, InboundMessage } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { parseOutboundAllow } from '../../src/security/outbound-address.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'
import { letterOf, us } from '../support/letters.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const asked: IncomingMessage[] = []
const elsewhere = createServer((request, response) => {
  asked.push(request)
  if (request.url === '/svg')
    response.setHeader('content-type', 'image/png').end('<svg xmlns="http://www.w3.org/2000/svg"/>')
  else if (request.url === '/large') response.end(Buffer.concat([png, Buffer.alloc(6 * 1024 * 1024)]))
  else if (request.url === '/inwards') response.writeHead(302, { location: 'http://[::ffff:127.0.0.1]/' }).end()
  else response.setHeader('content-type', 'text/html').end(png)
})

let base: TestDatabase
let server: HttpServer
let inboxId: string
let agent: Person
let outside: string
beforeAll(async () => {
  base = await testDatabase()
  const { adapter: plain, connections } = scriptedChannel({ pace: 'letters' })
  const adapter: ChannelAdapter = {
    ...plain,
    addressee: ({ name, address }) => ({ key: address.toLowerCase(), name }),
    newThread: (key) => ({ key, kind: 'mail', audience: 'private', place: 'mailbox' }),
  }
  const describe = async (id: string) => ({ inboxId: id, adapter, settings: {} })
  server = await httpServer(base.db, { connections: { ...connections, describe } })
  inboxId = await createInbox(base.db.pool, { channel: adapter.id })
  agent = await signedIn(server, { inboxes: [inboxId] })
  await new Promise<void>((done) => elsewhere.listen(0, '127.0.0.1', done))
  outside = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`
})
afterAll(async () => {
  elsewhere.close()
  await server?.close()
  await base?.close()
})

async function received(event: InboundMessage): Promise<{ messageId: string; conversationId: string }> {
  const { outcomes } = await recordInbound(base.db, { inboxId, now: new Date(), batch: { events: [event] } })
  return outcomes[0] as { kind: 'applied'; messageId: string; conversationId: string }
}
const stored = (bytes: Buffer, name: string) =>
  server.deps.files.store({ stream: Readable.from([bytes]), name, owner: `inbox:${inboxId}`, maxBytes: 1e6 })
const pageOf = async (id: string, query = '') => {
  const answer = await agent.call(`GET /messages/${id}/html${query}`)
  expect(answer.status).toBe(200)
  return answer
}
const sources = (html: string) =>
  [...html.matchAll(/ src="([^"]*)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'))

describe('a letter', () => {
  it('is shown with its envelope, its subject and a way to all of its words', async () => {
    const { messageId, conversationId } = await received(
      letterOf('Yes.', {
        fullText: 'Yes.\n\n> Shall we?',
        subject: 'Re: Deposit',
        envelope: { authentication: { dmarc: 'fail' }, date: 'yesterday', replyTo: [us], others: [us] },
      }),
    )
    const { body } = await agent.call(`GET /conversations/${conversationId}/messages`)
    expect(body.items[0]).toMatchObject({ text: 'Yes.', hasMore: true, subject: 'Re: Deposit' })
    expect(body.items[0].letter).toEqual({
      from: { name: 'Li Wei', address: 'li@customer.example' },
      to: [us],
      cc: [],
      date: 'yesterday',
      authentication: { dmarc: 'fail' },
    })
    expect((await agent.call(`GET /messages/${messageId}/full`)).body).toEqual({ text: 'Yes.\n\n> Shall we?' })
  })

  it('is answered to everybody on it, unless the writer says otherwise', async () => {
    const boss = { name: 'Boss', address: 'boss@customer.example' }
    const { conversationId } = await received(letterOf('Hello', { envelope: { others: [boss] } }))
    const at = `/conversations/${conversationId}`
    expect((await agent.call(`GET ${at}/letter`)).body).toEqual({
      to: [{ name: 'Li Wei', address: 'li@customer.example' }],
      cc: [boss],
      bcc: [],
      subject: 'Re: Deposit',
    })
    const say = (more: object) =>
      agent.call(`POST ${at}/messages`, { kind: 'reply', text: 'Hi', clientId: randomUUID(), ...more })
    const said = await say({
      cc: [],
      bcc: [{ address: 'archive@northstar.example' }],
      subject: 'A\r\nBcc: x@y.example',
    })
    expect(said.body.message).toMatchObject({
      subject: 'A Bcc: x@y.example',
      letter: {
        to: [{ address: 'li@customer.example' }],
        cc: [],
        bcc: [{ name: '', address: 'archive@northstar.example' }],
      },
    })
    expect((await agent.call(`GET ${at}/letter?replyTo=${said.body.message.id}`)).body.subject).toBe(
      'Re: A Bcc: x@y.example',
    )
    expect((await agent.call(`GET ${at}/letter?replyTo=987654321`)).status).toBe(404)
    for (const address of [
      'x',
      'a@b@c',
      'a@b\r\nBcc: x@y',
      'a b@c',
      '<a@b>',
      'a@b,c@d',
      '\u0000a@b',
      `${'a'.repeat(65)}@b`,
    ])
      expect([address, (await say({ to: [{ address }] })).status]).toEqual([address, 400])
    expect((await say({ to: [{ name: 'A\r\nB', address: 'a@b' }] })).status).toBe(400)
    expect((await say({ to: Array(51).fill({ address: 'a@b.example' }) })).status).toBe(400)
  })

  it('may be the first word, once however often it is sent, and its answer comes back to it', async () => {
    const first = {
      inboxId,
      to: 'Mei@Customer.example',
      cc: [{ name: 'Boss', address: 'boss@customer.example' }],
      subject: 'Your account',
      text: 'We noticed something.',
      clientId: randomUUID(),
    }
    const made = await agent.call('POST /conversations', first)
    const again = await agent.call('POST /conversations', first)
    expect([made.status, again.status, again.body.message.id]).toEqual([201, 200, made.body.message.id])
    expect(made.body.message).toMatchObject({ seq: 1, subject: 'Your account', deliveries: [{ state: 'pending' }] })
    const { conversationId } = made.body.message
    expect((await agent.call(`GET /conversations/${conversationId}`)).body).toMatchObject({
      status: 'waiting',
      subject: 'Your account',
      preview: 'We noticed something.',
      assigneeId: agent.id,
      holder: 'agent',
      readSeq: 1,
      contact: { name: expect.any(String) },
    })
    const joins = [{ by: 'delivery' as const, deliveryId: made.body.message.deliveries[0].id }]
    const mei = { name: 'Mei', address: 'mei@customer.example' }
    expect((await received(letterOf('Thank you', { from: mei, joins }))).conversationId).toBe(conversationId)
    const count = async () => (await base.db.pool.query('select count(*)::int as n from conversation')).rows[0].n
    const before = await count()
    const fresh = { ...first, clientId: randomUUID() }
    expect((await agent.call('POST /conversations', { ...fresh, to: 'nobody' })).status).toBe(400)
    expect((await agent.call('POST /conversations', { ...fresh, text: ' ' })).status).toBe(400)
    const hidden = await createInbox(base.db.pool)
    expect((await agent.call('POST /conversations', { ...fresh, inboxId: hidden })).status).toBe(404)
    expect(await count()).toBe(before)
  })

  it('is kept as a draft with whom it is for', async () => {
    const { conversationId } = await received(letterOf('Hello'))
    const at = `/conversations/${conversationId}/draft`
    const letter = { to: [{ address: 'li@customer.example' }], bcc: [], subject: 'Another' }
    const first = await agent.call(`PUT ${at}`, { kind: 'reply', text: 'x', rev: 0, letter })
    expect([first.status, first.body.letter]).toEqual([200, letter])
    expect((await agent.call(`PUT ${at}`, { kind: 'reply', text: 'xy', rev: 1, letter: { to: [] } })).status).toBe(200)
    expect((await agent.call(`GET ${at}`)).body.draft).toMatchObject({ text: 'xy', letter: { to: [] }, rev: 2 })
    const broken = { ...letter, subject: 'a\r\nb' }
    expect((await agent.call(`PUT ${at}`, { kind: 'reply', text: 'x', rev: 2, letter: broken })).status).toBe(400)
  })

  it('is downloaded as it came while that is kept, and hidden from others with all its parts', async () => {
    const raw = await stored(Buffer.from('From: li\r\n\r\nHello'), 'mail.eml')
    const { messageId, conversationId } = await received(
      letterOf('Hello', { rawFileId: raw.id, html: '<p>Hello</p>', fullText: 'Hello, all of it' }),
    )
    const answer = await agent.call(`GET /messages/${messageId}/raw`)
    expect([answer.status, answer.headers.get('content-type'), answer.text]).toEqual([
      200,
      'message/rfc822',
      'From: li\r\n\r\nHello',
    ])
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment/)
    const stranger = await signedIn(server, { inboxes: [await createInbox(base.db.pool)] })
    const paths = ['raw', 'html', 'full'].map((part) => `/messages/${messageId}/${part}`)
    for (const path of [...paths, `/conversations/${conversationId}/letter`]) {
      expect([path, (await agent.call(`GET ${path}`)).status]).toEqual([path, 200])
      expect([path, (await stranger.call(`GET ${path}`)).status]).toEqual([path, 404])
    }
    await base.db.pool.query('update inbound_event set raw_file_id = null where message_id = $1', [messageId])
    expect((await agent.call(`GET /messages/${messageId}/raw`)).status).toBe(404)
  })
})

describe('the page of a letter', () => {
  const html = () =>
    `<a href="https://bank.example/?a=1&amp;b=2" title="https://good.example" target="_top">https://good.example</a>` +
    `<img data-cid="Logo@x" alt="logo"><img data-cid="other@x"><img data-remote="${outside}/pixel?who=li&amp;n=1">`

  it('shows its own pictures, keeps those from elsewhere away, and says where links lead', async () => {
    const logo = await stored(png, 'logo.png')
    const script = await stored(Buffer.from('<svg onload="alert(1)"/>'), 'x.svg')
    const file = (id: string, cid: string) => ({ name: cid, ref: { cid }, fileId: id, inline: true })
    const { messageId } = await received(
      letterOf('x', { html: html(), attachments: [file(logo.id, '<logo@x>'), file(script.id, 'other@x')] }),
    )
    const { text, headers } = await pageOf(messageId)
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:;/,
    )
    expect(headers.get('content-security-policy')).not.toMatch(/script|allow-scripts/)
    expect(text).toContain('title="https://bank.example/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">')
    expect(text).not.toContain('_top')
    expect(sources(text)).toEqual([expect.stringContaining(`/api/v1/files/${logo.id}?expires=`)])
    const picture = await fetch(server.url + sources(text)[0])
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(asked).toEqual([])
  })

  it('fetches pictures from elsewhere only when asked, and tells nobody there who looks', async () => {
    const { messageId } = await received(letterOf('x', { html: html() }))
    const [url = ''] = sources((await pageOf(messageId, '?pictures=1')).text)
    const get = (path: string) =>
      fetch(server.url + path, { headers: { cookie: agent.cookie, referer: `${server.url}/inbox/42` } })
    const picture = await get(url)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(asked.map((request) => request.url)).toEqual(['/pixel?who=li&n=1'])
    expect(
      Object.keys(asked[0]?.headers ?? {}).filter((name) => /cookie|refer|forwarded|authorization/.test(name)),
    ).toEqual([])
    expect((await fetch(server.url + url)).status).toBe(401)
    for (const other of [
      url.replace('pixel', 'pixie'),
      url.replace(/signature=./, 'signature=-'),
      url.replace(/expires=\d+/, 'expires=1'),
    ])
      expect([other, (await get(other)).status]).toEqual([other, 404])
    expect(asked).toHaveLength(1)
  })

  it('shows nothing that is no picture, too large, or lies inside our own network (A19)', async () => {
    const look = async (at: HttpServer, addresses: readonly string[]) => {
      const html = addresses.map((address) => `<img data-remote="${address}">`).join('')
      const { messageId } = await received(letterOf('x', { html }))
      const urls = sources((await pageOf(messageId, '?pictures=1')).text)
      const get = (url: string) => fetch(at.url + url, { headers: { cookie: agent.cookie } })
      return Promise.all(urls.map(async (url) => (await get(url)).status))
    }
    expect(await look(server, [`${outside}/svg`, `${outside}/large`, `${outside}/inwards`])).toEqual([404, 404, 404])
    expect(await look(server, ['ftp://x.example/a.png', 'javascript:alert(1)'])).toEqual([])
    const strict = await httpServer(base.db, { outboundAllow: parseOutboundAllow([]) })
    const { port } = elsewhere.address() as AddressInfo
    const hosts = ['127.0.0.1', '127.1', '0x7f.1', '0177.1', '2130706433', 'localhost', '[::ffff:127.0.0.1]', '[::1]']
    const before = asked.length
    expect(
      new Set(
        await look(
          strict,
          hosts.map((host) => `http://${host}:${port}/ok`),
        ),
      ),
    ).toEqual(new Set([404]))
    expect(asked).toHaveLength(before)
    await strict.close()
  })
})
