import { describe, expect, test } from 'vitest'
import { messageIdFor, replyAddress, returnAddress } from '../../../channels/email/address.ts'
import { eventOf, type MailEvent, threadOf } from '../../../channels/email/event-of.ts'
import type { BounceReport, ReadMail } from '../../../channels/email/reading/read-mail.ts'
import { channelEnv } from '../../support/channel-env.ts'

const own = 'support@desk.test'
const env = channelEnv()
const ctx = { settings: { address: own, subjectJoins: true }, env }
const receivedAt = new Date('2026-03-01T10:00:00Z')
const person = (address: string, name = '') => ({ address, name })

function mail(wish: Partial<ReadMail> = {}): ReadMail {
  return {
    messageId: '<1@example.test>',
    subject: 'My order',
    date: '2026-03-01T09:59:00.000Z',
    from: person('Alice@Example.test', 'Alice'),
    to: [person(own)],
    cc: [],
    replyTo: [],
    inReplyTo: [],
    references: [],
    recipients: [own],
    text: 'Where is it?',
    fullText: 'Where is it?',
    html: null,
    attachments: [],
    omitted: 0,
    automatic: false,
    byProgram: false,
    automaticReason: null,
    bounce: null,
    authentication: undefined,
    protection: undefined,
    listId: null,
    eventId: '<1@example.test> body',
    ...wish,
  }
}

function event(wish: Partial<ReadMail>, folder: 'inbox' | 'sent' = 'inbox'): MailEvent {
  const made = eventOf(ctx, mail(wish), { folder, receivedAt, size: 100 })
  if ('ignored' in made) throw new Error(`ignored: ${made.ignored}`)
  return made
}
const message = (wish: Partial<ReadMail> = {}) => {
  const made = event(wish)
  if (made.kind !== 'message') throw new Error(made.kind)
  return made
}

describe('a customer’s mail', () => {
  test('is a message of its own thread, from a lower-case address that nobody vouched for', () => {
    const made = message({ cc: [person('bob@example.test', 'Bob'), person('support+x@desk.test')] })
    expect(made).toMatchObject({
      sender: { key: 'alice@example.test', name: 'Alice', email: { address: 'alice@example.test', verified: false } },
      thread: { kind: 'mail', audience: 'private', place: own },
      externalId: '<1@example.test>',
      occurredAt: receivedAt,
      subject: 'My order',
      letter: { others: [person('bob@example.test', 'Bob')], subjectKey: 'my order' },
    })
    expect(made.thread.key).toMatch(/^[0-9a-f]{20}$/)
    expect(made.automatic).toBeUndefined()
    expect(made.sender.verifiedBy).toBeUndefined()
    expect(event({})).toEqual(event({}))
  })

  test('gets another thread than a stranger’s mail that copied its Message-ID', () => {
    const forged = message({ from: person('eve@example.test'), eventId: '<1@example.test> other body' })
    expect(forged.externalId).toBe(message().externalId)
    expect(forged.thread.key).not.toBe(message().thread.key)
    const copied = message({ from: person('eve@example.test') })
    expect(copied.thread.key).not.toBe(message().thread.key)
  })

  test('is verified by DMARC alone, and only for the address of "From"', () => {
    expect(message({ authentication: { dmarc: 'pass' } }).sender).toMatchObject({
      verifiedBy: 'dmarc',
      email: { verified: true },
    })
    expect(message({ authentication: { spf: 'pass', dkim: 'pass' } }).sender.verifiedBy).toBeUndefined()
    const form = {
      from: person(own),
      replyTo: [person('carol@example.test')],
      authentication: { dmarc: 'pass' as const },
    }
    expect(message(form).sender).toEqual({
      key: 'carol@example.test',
      email: { address: 'carol@example.test', verified: false },
    })
  })

  test('that names no sender is nobody else’s', () => {
    const one = message({ from: person('') })
    const other = message({ from: person(''), eventId: 'other' })
    expect(one.sender.email).toBeUndefined()
    expect(one.sender.key).not.toBe(other.sender.key)
  })

  test('is automatic where a program made it, or it does not name us', () => {
    expect(message({ automatic: true }).automatic).toBe(true)
    expect(message({ to: [person('list@example.test')] }).automatic).toBe(true)
    expect(message({ to: [person('list@example.test')] }).byProgram).toBeUndefined()
    expect(message({ automatic: true, byProgram: true }).byProgram).toBe(true)
    expect(message({ to: [], cc: [person('SUPPORT+T-abc@DESK.test')] }).automatic).toBeUndefined()
  })
})

describe('what it says it belongs to', () => {
  test('is a verified token first, then what we sent, then what others sent, newest first', () => {
    const ours = messageIdFor(env, '41', 'desk.test')
    const made = message({
      recipients: [own, replyAddress(env, own, 'abc123')],
      inReplyTo: ['<c@x>'],
      references: ['<a@x>', ours, '<c@x>'],
    })
    expect(made.joins).toEqual([
      { by: 'token', threadKey: 'abc123' },
      { by: 'delivery', deliveryId: '41' },
      { by: 'reference', externalId: '<c@x>' },
      { by: 'reference', externalId: '<a@x>' },
    ])
    expect(made.letter?.references).toEqual(['<a@x>', ours, '<c@x>'])
    expect(made.replyTo).toBe('<c@x>')
  })

  test('is no token and no delivery that we did not sign', () => {
    const token = replyAddress(channelEnv({ inboxId: '2' }), own, 'abc123')
    const forged = messageIdFor(env, '41', 'desk.test').replace('d.41.', 'd.42.')
    expect(message({ recipients: [token], inReplyTo: [forged] }).joins).toEqual([
      { by: 'reference', externalId: forged },
    ])
    const elsewhere = replyAddress(env, 'support@other.test', 'abc123')
    expect(message({ recipients: [elsewhere] }).joins).toEqual([expect.objectContaining({ by: 'subject' })])
  })

  test('is the subject only where nothing is referred to, and only where the inbox wants it', () => {
    const week = 7 * 24 * 3_600_000
    expect(message({ subject: 'RE: My order' }).joins).toEqual([
      { by: 'subject', subjectKey: 'my order', withinMs: week },
    ])
    expect(message({ references: ['<a@x>'] }).joins).toEqual([{ by: 'reference', externalId: '<a@x>' }])
    expect(message({ subject: 'Re: ' }).joins).toBeUndefined()
    const without = { ...ctx, settings: { address: own, subjectJoins: false } }
    expect(eventOf(without, mail(), { folder: 'inbox', receivedAt, size: 1 })).not.toHaveProperty('joins')
  })

  test('is at most twenty places', () => {
    const references = Array.from({ length: 500 }, (_, n) => `<${n}@x>`)
    expect(message({ references }).joins).toHaveLength(20)
    expect(message({ references }).joins?.[0]).toEqual({ by: 'reference', externalId: '<499@x>' })
  })
})

describe('mail of our own', () => {
  test('in the folder of sent mail is an echo: of a delivery where the id is ours', () => {
    const ours = messageIdFor(env, '41', 'desk.test')
    expect(event({ from: person(own), messageId: ours }, 'sent')).toMatchObject({ kind: 'echo', deliveryId: '41' })
    const byHand = event({ from: person(own), inReplyTo: ['<a@x>'] }, 'sent')
    expect(byHand).toMatchObject({ kind: 'echo', joins: [{ by: 'reference', externalId: '<a@x>' }] })
    expect(byHand).not.toHaveProperty('deliveryId')
  })

  test('elsewhere is ignored, unless its id proves it or a form names the customer for answers', () => {
    const given = { from: person('Support@desk.test') }
    const arrival = { folder: 'inbox', receivedAt, size: 1 } as const
    expect(eventOf(ctx, mail(given), arrival)).toEqual({ ignored: 'own mail' })
    expect(event({ ...given, messageId: messageIdFor(env, '41', 'desk.test') })).toMatchObject({ kind: 'echo' })
    const forged = messageIdFor(channelEnv({ inboxId: '2' }), '41', 'desk.test')
    expect(eventOf(ctx, mail({ ...given, messageId: forged }), arrival)).toEqual({ ignored: 'own mail' })
    const form = message({ ...given, replyTo: [person('carol@example.test', 'Carol')] })
    expect(form).toMatchObject({ sender: { key: 'carol@example.test' }, automatic: true })
  })
})

describe('a bounce', () => {
  const report = (wish: Partial<BounceReport> = {}): BounceReport => ({
    action: 'failed',
    recipient: 'alice@example.test',
    status: '5.1.1',
    diagnostic: 'smtp; 550 5.1.1\n User unknown',
    envelopeId: null,
    originalMessageId: null,
    ...wish,
  })
  const ours = messageIdFor(env, '41', 'desk.test')
  const daemon = { from: person('MAILER-DAEMON@mx.example.test'), automatic: true }

  test.each([
    ['the address it came back to', { recipients: [returnAddress(env, own, '41')], bounce: [report()] }],
    ['the envelope’s id', { bounce: [report({ envelopeId: ours.slice(1, ours.indexOf('@')) })] }],
    ['the Message-ID of the letter', { bounce: [report({ originalMessageId: ours })] }],
  ])('settles the delivery that %s names', (_name, wish) => {
    expect(event({ ...daemon, ...wish })).toMatchObject({
      kind: 'receipt',
      receipt: 'bounced',
      deliveryId: '41',
      externalId: ours,
      reason: 'alice@example.test: smtp; 550 5.1.1 User unknown',
    })
  })

  test('names everybody it came back for, and nobody it only waits for', () => {
    const bounce = [
      report({ originalMessageId: ours }),
      report({ originalMessageId: ours, recipient: 'bo@example.test', action: 'delayed' }),
      report({ originalMessageId: ours, recipient: 'cy@example.test', diagnostic: '', status: '5.2.2' }),
    ]
    expect(event({ ...daemon, bounce })).toMatchObject({
      refused: [
        { recipient: 'alice@example.test', reason: 'alice@example.test: smtp; 550 5.1.1 User unknown' },
        { recipient: 'cy@example.test', reason: 'cy@example.test: 5.2.2' },
      ],
    })
  })

  test('without a key that only we could have made is a message of a program', () => {
    const forged = [
      report({ envelopeId: '41' }),
      report({ envelopeId: 'd.41.aaaaaaaaaa' }),
      report({ originalMessageId: '<d.41.aaaaaaaaaa@desk.test>' }),
    ]
    const recipients = [`support+b-41-${'0'.repeat(16)}@desk.test`]
    expect(message({ ...daemon, recipients, bounce: forged }).automatic).toBe(true)
  })

  test('that is only late says so, and good news says nothing', () => {
    const late = { ...daemon, bounce: [report({ action: 'delayed', originalMessageId: ours })] }
    expect(event(late)).toMatchObject({ receipt: 'delayed', deliveryId: '41' })
    const good = { ...daemon, bounce: [report({ action: 'delivered', originalMessageId: ours })] }
    expect(eventOf(ctx, mail(good), { folder: 'inbox', receivedAt, size: 1 })).toHaveProperty('ignored')
  })
})

test('a thread’s key fits into an address', () => {
  const key = threadOf(own, 'x').key
  expect(replyAddress(env, own, key).indexOf('@')).toBeLessThanOrEqual(64)
})
