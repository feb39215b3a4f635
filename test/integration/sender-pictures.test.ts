import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Letter } from '../../src/channel/contract.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, signedIn } from '../support/http-server.ts'
import { letterOf } from '../support/letters.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let base: TestDatabase
let server: HttpServer
let inboxId: string
let agent: Person
beforeAll(async () => {
  base = await testDatabase()
  const { adapter, connections } = scriptedChannel({ pace: 'letters' })
  server = await httpServer(base.db, { connections })
  inboxId = await createInbox(base.db.pool, { channel: adapter.id })
  agent = await signedIn(server, { inboxes: [inboxId] })
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const passed = { dmarc: 'pass', spf: 'pass' } as const
interface Wish {
  readonly authentication?: Letter['authentication']
  /** Where "From" is not whom the answer goes to. */
  readonly writer?: string
}

/** A letter with one picture that lies elsewhere; answers its id. */
async function letter(address: string, { authentication = passed, writer = address }: Wish = {}): Promise<string> {
  const event = letterOf('See', {
    from: { name: 'Shop', address },
    sender: { key: writer.toLowerCase(), email: { address: writer.toLowerCase(), verified: false } },
    html: '<img data-remote="https://pictures.example/a.png">',
    envelope: { authentication },
  })
  const { outcomes } = await recordInbound(base.db, { inboxId, now: new Date(), batch: { events: [event] } })
  return (outcomes[0] as { messageId: string }).messageId
}
/** What a page says of the sender, and whether it shows the picture. */
async function page(id: string, query = ''): Promise<[string | null, boolean]> {
  const { text } = await agent.call(`GET /messages/${id}/html${query}`)
  const [, said = null] = /<html data-pictures="(\w+)">/.exec(text) ?? []
  return [said, / src="/.test(text)]
}
const always = (id: string, on: boolean, who = agent) => who.call(`PUT /messages/${id}/pictures`, { always: on })

it('pictures of a sender are shown without being asked once an agent said so, until one takes it back', async () => {
  const first = await letter('Shop@one.example')
  expect(await page(first)).toEqual(['offered', false])
  expect((await always(first, true)).status).toBe(204)
  const second = await letter('shop@one.example')
  expect(await page(first)).toEqual(['always', true])
  expect(await page(second)).toEqual(['always', true])
  expect(await page(second, '?pictures=0')).toEqual(['always', false])
  expect(await page(await letter('other@one.example'))).toEqual(['offered', false])
  expect((await always(second, false)).status).toBe(204)
  expect(await page(first)).toEqual(['offered', false])
})

it('a mail that only pretends to be of a trusted sender shows none, and ends the trust', async () => {
  const real = await letter('bank@two.example')
  await always(real, true)
  const unchecked = await letter('bank@two.example', { authentication: { spf: 'pass', dmarc: 'none' } })
  expect(await page(unchecked)).toEqual([null, false])
  expect(await page(real)).toEqual(['always', true])
  const forged = await letter('bank@two.example', { authentication: { spf: 'pass', dmarc: 'fail' } })
  expect(await page(forged)).toEqual([null, false])
  expect(await page(real)).toEqual(['offered', false])
  expect(await page(forged, '?pictures=1')).toEqual([null, true])
})

it('nobody is trusted for whom nobody vouches, and a form of our own vouches for no customer', async () => {
  const unchecked = await letter('cat@three.example', { authentication: { spf: 'pass', dkim: 'pass' } })
  expect(await always(unchecked, true)).toMatchObject({ status: 422, body: { error: { code: 'senderNotVerified' } } })
  const form = await letter('form@northstar.example', { writer: 'customer@three.example' })
  expect((await always(form, true)).status).toBe(422)
  expect(await page(form)).toEqual([null, false])
})

it('only who sees the mail and may write says so', async () => {
  const id = await letter('shop@four.example')
  expect((await always(id, true, await signedIn(server))).status).toBe(404)
  expect(await page(id)).toEqual(['offered', false])
})
