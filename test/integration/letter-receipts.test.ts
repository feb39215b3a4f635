import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InboundEcho, InboundReceipt, LetterAddress } from '../../src/channel/contract.ts'
import { applyStored } from '../../src/ingest/apply-stored.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type ClaimedDelivery, claimDeliveries } from '../../src/store/delivery-claim.ts'
import { type Outcome, settleDelivery } from '../../src/store/delivery-settle.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { deliveriesIn, say } from '../support/delivery-ground.ts'
import { createInbox, unique } from '../support/factories.ts'
import { letterOf } from '../support/letters.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let test: TestDatabase
let inboxId: string
const li: LetterAddress = { name: 'Li Wei', address: 'li@customer.example' }
beforeAll(async () => {
  test = await testDatabase()
  inboxId = await createInbox(test.db.pool)
})
afterAll(() => test.close())

const record = (event: InboundReceipt | InboundEcho | ReturnType<typeof letterOf>, to = inboxId) =>
  recordInbound(test.db, { inboxId: to, now: new Date(), batch: { events: [event] } })
const wish = { allowances: new Map(), perInbox: 10, pausedPlaces: [], afterInbox: '0', limit: 10, leaseMs: 30_000 }
const sent = (id: string): Outcome => ({ state: 'sent', externalId: `<d.${id}@us>`, afterSent: false })
const uncertain: Outcome = { state: 'uncertain', failure: 'uncertain', reason: 'No answer.' }

interface Sending {
  readonly conversationId: string
  readonly row: ClaimedDelivery
  readonly state: () => Promise<string>
}

/** An answer to a letter, on its way. */
async function sending(recipients?: { to: LetterAddress[]; cc: LetterAddress[] }): Promise<Sending> {
  const { outcomes } = await record(letterOf('Where is it?', { from: li }))
  const { conversationId } = outcomes[0] as { kind: 'applied'; conversationId: string }
  await say(test.db, scriptedChannel({ pace: 'letters' }), conversationId, {
    text: 'On its way.',
    ...(recipients && { recipients }),
  })
  const row = (await claimDeliveries(test.db.pool, wish)).find((claimed) => claimed.conversationId === conversationId)!
  const state = async () => {
    const [found] = await deliveriesIn(test.db, conversationId)
    return [found?.state, found?.failure, found?.reason].filter(Boolean).join(' ')
  }
  return { conversationId, row, state }
}

const elsewhere = { key: 'mailer-daemon', kind: 'mail', audience: 'private' as const }
const receipt = (deliveryId: string, kind: InboundReceipt['receipt'], reason: string): InboundReceipt => ({
  kind: 'receipt',
  eventId: unique('receipt'),
  thread: elsewhere,
  occurredAt: new Date(),
  raw: null,
  receipt: kind,
  externalId: '<somebody else’s idea of it>',
  deliveryId,
  reason,
})
const bounce = (deliveryId: string) => receipt(deliveryId, 'bounced', 'No such user.')

async function workParked(): Promise<void> {
  const { rows } = await test.db.pool.query(
    `delete from job where kind = 'apply-parked' returning payload ->> 'eventRowId' as id`,
  )
  for (const { id } of rows) await applyStored(test.db, id, new Date())
}

describe('a letter to several people', () => {
  const bo: LetterAddress = { name: 'Bo', address: 'Bo@customer.example' }
  const refusing = (deliveryId: string, ...addresses: string[]): InboundReceipt => ({
    ...bounce(deliveryId),
    refused: addresses.map((recipient) => ({ recipient, reason: '5.1.1' })),
  })
  const told = async ({ conversationId, row }: Sending) => {
    const { rows } = await test.db.pool.query(
      `select c.status, d.state, array(select r ->> 'recipient' from jsonb_array_elements(d.refused) r) as refused
        from delivery d join conversation c on c.id = d.conversation_id where d.id = $1`,
      [row.id],
    )
    expect(row.conversationId).toBe(conversationId)
    return rows[0]
  }

  it('that its server refused for one was sent to the others, and says for whom not', async () => {
    const made = await sending({ to: [li], cc: [bo] })
    const refused = [{ recipient: 'bo@customer.example', reason: '550 no' }]
    await settleDelivery(test.db, made.row, { ...sent(made.row.id), refused } as Outcome)
    expect(await told(made)).toEqual({ status: 'waiting', state: 'sent', refused: ['bo@customer.example'] })
  })

  it('opens the case again when it did not reach whom it was for, though a copy arrived', async () => {
    const made = await sending({ to: [li], cc: [bo] })
    const refused = [{ recipient: 'LI@customer.example', reason: '550 no' }]
    await settleDelivery(test.db, made.row, { ...sent(made.row.id), refused } as Outcome)
    expect(await told(made)).toMatchObject({ status: 'open', state: 'sent' })
  })

  it('fails only when it came back for all of them', async () => {
    const made = await sending({ to: [li], cc: [bo] })
    await settleDelivery(test.db, made.row, sent(made.row.id))
    await record(refusing(made.row.id, 'bo@customer.example'))
    expect(await told(made)).toEqual({ status: 'waiting', state: 'sent', refused: ['bo@customer.example'] })
    await record(refusing(made.row.id, 'li@customer.example'))
    expect(await told(made)).toMatchObject({ status: 'open', state: 'failed' })
  })

  it('fails when nobody knows whom the bounce is about', async () => {
    const made = await sending({ to: [li], cc: [bo] })
    await settleDelivery(test.db, made.row, sent(made.row.id))
    await record(refusing(made.row.id, 'forwarded@elsewhere.example'))
    expect(await told(made)).toMatchObject({ status: 'open', state: 'failed' })
  })
})

describe('a bounce', () => {
  it('fails what was sent, though it names another thread and another id', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, sent(row.id))
    await record(bounce(row.id))
    expect(await state()).toBe('failed bounced No such user.')
  })

  it('fails what nobody knew of', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, uncertain)
    await record(bounce(row.id))
    expect(await state()).toBe('failed bounced No such user.')
  })

  it('that overtakes its send waits for it', async () => {
    const { row, state } = await sending()
    expect((await record(bounce(row.id))).outcomes).toEqual([{ kind: 'parked' }])
    expect(await state()).toBe('sending')
    await settleDelivery(test.db, row, sent(row.id))
    await workParked()
    expect(await state()).toBe('failed bounced No such user.')
  })

  it('of another inbox means nothing, and one come late does not undo what was read', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, sent(row.id))
    await record(bounce(row.id), await createInbox(test.db.pool))
    expect(await state()).toBe('sent')
    await test.db.pool.query(`update delivery set state = 'read' where id = $1`, [row.id])
    await record(bounce(row.id))
    expect(await state()).toBe('read')
  })
})

describe('a delay', () => {
  it('is only shown, and the bounce after it counts', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, sent(row.id))
    await record(receipt(row.id, 'delayed', 'Trying for 4 hours.'))
    expect(await state()).toBe('sent delayed Trying for 4 hours.')
    await record(bounce(row.id))
    expect(await state()).toBe('failed bounced No such user.')
  })

  it('proves that what nobody knew of was handed over', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, uncertain)
    await record(receipt(row.id, 'delayed', 'Trying.'))
    expect(await state()).toBe('sent delayed Trying.')
  })
})

describe('an echo that names its delivery', () => {
  const echo = (deliveryId: string): InboundEcho => ({
    kind: 'echo',
    eventId: unique('echo'),
    thread: { ...elsewhere, key: 'sent folder' },
    occurredAt: new Date(),
    raw: null,
    externalId: `<d.${deliveryId}@us>`,
    text: 'On its way.\n\n> and all it quoted',
    deliveryId,
  })
  const messages = async ({ conversationId }: Sending) =>
    (await test.db.pool.query('select 1 from message where conversation_id = $1', [conversationId])).rowCount

  it('proves nothing against the bounce that came before it', async () => {
    const { row, state } = await sending()
    await settleDelivery(test.db, row, sent(row.id))
    await record(bounce(row.id))
    await record(echo(row.id))
    expect(await state()).toBe('failed bounced No such user.')
  })

  it('settles what nobody knew of, and is no second message', async () => {
    const answer = await sending()
    await settleDelivery(test.db, answer.row, uncertain)
    await record(echo(answer.row.id))
    expect([await answer.state(), await messages(answer)]).toEqual(['sent', 2])
    const [delivery] = await deliveriesIn(test.db, answer.conversationId)
    expect(delivery?.external_id).toBe(`<d.${answer.row.id}@us>`)
  })

  it('settles one still on its way, and its late worker changes nothing', async () => {
    const answer = await sending()
    await record(echo(answer.row.id))
    expect(await answer.state()).toBe('sent')
    expect(await settleDelivery(test.db, answer.row, uncertain)).toBe(false)
    expect([await answer.state(), await messages(answer)]).toEqual(['sent', 2])
  })

  it('of another inbox settles nothing', async () => {
    const answer = await sending()
    await settleDelivery(test.db, answer.row, uncertain)
    await record(echo(answer.row.id), await createInbox(test.db.pool))
    expect([await answer.state(), await messages(answer)]).toEqual(['uncertain uncertain No answer.', 2])
  })
})
