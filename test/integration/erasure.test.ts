import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InboundEvent, InboundMessage } from '../../src/channel/contract.ts'
import { createFiles, type Files } from '../../src/files/files.ts'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { eraseContactJob } from '../../src/jobs/erase-contact.ts'
import { NotYet } from '../../src/jobs/handler.ts'
import { transaction } from '../../src/store/database.ts'
import { claimDeliveries } from '../../src/store/delivery-claim.ts'
import { settleDelivery } from '../../src/store/delivery-settle.ts'
import { saveDraft } from '../../src/store/draft.ts'
import { eraseContact } from '../../src/store/erasure.ts'
import type { Job } from '../../src/store/job.ts'
import { createVisitor, setVisitorIdentity } from '../../src/store/visitor.ts'
import { setConfirmedAddress } from '../../src/store/visitor-address.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say, statesIn } from '../support/delivery-ground.ts'
import { said } from '../support/events.ts'
import { eventually } from '../support/eventually.ts'
import { createAgent, createIdentity, createInbox, createMessage } from '../support/factories.ts'
import { letterOf, us } from '../support/letters.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'
import { tracesInTables, tracesOnDisk } from '../support/traces.ts'

const mark = 'Xq7Marker'
let ground: TestDatabase
let folder: string
let files: Files
let inboxId: string
let agentId: string
const db = () => ground.db
const channel = scriptedChannel()
beforeAll(async () => {
  ground = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'tributary-erasure-'))
  files = await createFiles(db(), folder)
  inboxId = await createInbox(db().pool)
  agentId = await createAgent(db().pool)
})
afterAll(async () => {
  await ground.close()
  await rm(folder, { recursive: true })
})

const one = async (sql: string, ...values: unknown[]) => (await db().pool.query(sql, values)).rows[0]
const file = async (name: string, bytes: string, owner = `inbox:${inboxId}`) =>
  (await files.store({ stream: Readable.from([Buffer.from(bytes)]), name, owner, maxBytes: 1_000 })).id
async function record(...events: InboundEvent[]) {
  return recordInbound(db(), { inboxId, now: new Date(), batch: { events } })
}
const contactOf = async (key: string): Promise<string> =>
  (await one('select contact_id as id from identity where key = $1', key)).id
const job = (contactId: string): Job => ({
  id: '1',
  kind: 'erase',
  lane: null,
  payload: { contactId },
  attempt: 1,
  failures: 0,
})
const work = (contactId: string, graceMs = 0, signal = new AbortController().signal) =>
  eraseContactJob({ db: db(), files, graceMs }).run(job(contactId), signal)
async function erase(contactId: string): Promise<void> {
  expect(await eraseContact(db(), contactId, `agent:${agentId}`)).toBe(true)
  await work(contactId)
}
const traces = () => tracesInTables(db().pool, mark)

/** Somebody with their own place; every word of theirs holds the marker. */
function mara(place: string, wish: Partial<InboundMessage> = {}): InboundMessage {
  return said(`${mark} hello`, {
    thread: { key: `${mark}-chat-${place}`, kind: 'chat', audience: 'private' },
    sender: {
      key: `${mark}-${place}`,
      name: `${mark} Name`,
      email: { address: `${mark}-${place}@x.example`, verified: true },
      profile: { username: `${mark}_user` },
    },
    externalId: `${mark}-${place}-${Math.random()}`,
    raw: { text: `${mark} raw` },
    ...wish,
  })
}

describe('erasing a person', () => {
  it('leaves no word of theirs in any table and no byte on the disk', async () => {
    const place = 'all'
    const attachments = [
      {
        name: `${mark}.txt`,
        type: 'text/plain',
        size: 9,
        fileId: await file(`${mark}.txt`, `${mark} bytes`),
        ref: { id: mark },
      },
    ]
    const rawFileId = await file(`${mark}.eml`, `${mark} raw mail`)
    const first = mara(place, {
      attachments,
      subject: `${mark} subject`,
      html: `<p>${mark}</p>`,
      fullText: `${mark} full`,
      rawFileId,
    })
    const { outcomes } = await record(first)
    const { conversationId, messageId } = outcomes[0] as { conversationId: string; messageId: string }
    const { thread, sender } = first
    await record(
      { ...mara(place), kind: 'edit', externalId: first.externalId, text: `${mark} edited` },
      { ...mara(place), kind: 'edit', externalId: `${mark}-not-there-yet`, text: `${mark} parked` },
      mara(place, { subject: `${mark} other subject` }),
    )
    const quarantined = { ...mara(place), thread: { ...thread, key: `${mark}-elsewhere` } }
    await db().pool.query(
      `insert into inbound_event (inbox_id, event_id, kind, state, thread_key, occurred_at, raw, event, reason)
        values ($1, 'q', 'message', 'quarantined', $2, now(), $3, $3, $4)`,
      [inboxId, quarantined.thread.key, JSON.stringify(quarantined), `${mark} reason`],
    )
    await say(db(), channel, conversationId, { text: `Dear ${mark}`, replyTo: messageId })
    await db().pool.query(
      `update delivery set state = 'uncertain', reason = $2, refused = $3 where conversation_id = $1`,
      [conversationId, `550 ${mark}`, JSON.stringify([{ recipient: mark, reason: 'no' }])],
    )
    await db().pool.query(
      `insert into activity (conversation_id, version, after_seq, kind, actor, data) values ($1, 1, 1, 'subjectChanged', 'contact', $2)`,
      [conversationId, JSON.stringify({ from: mark })],
    )
    await say(db(), channel, conversationId, { text: `They are ${mark}`, kind: 'note' })
    const draft = {
      kind: 'reply' as const,
      text: `${mark} draft`,
      attachments: [],
      replyTo: null,
      basedOn: null,
      letter: null,
      rev: 0,
    }
    await saveDraft(db().pool, { conversationId, agentId }, draft)
    const { visitor } = await createVisitor(db().pool, inboxId)
    await setVisitorIdentity(db().pool, visitor.id, { sub: mark, name: mark, email: `${mark}@x` }, sender.key)
    const { thread_id: threadId } = await one('select thread_id from conversation where id = $1', conversationId)
    await setConfirmedAddress(db().pool, { threadId, address: `${mark}@x.example`, verifiedBy: 'code' })
    await db().pool.query(`update conversation set on_hold_for = $2, status = 'onHold' where id = $1`, [
      conversationId,
      mark,
    ])
    await db().pool.query(
      `insert into activity (conversation_id, version, after_seq, kind, actor, data) values ($1, 1, 1, 'cameFrom', 'contact', $2)`,
      [conversationId, JSON.stringify({ link: mark })],
    )
    await db().pool.query(
      `insert into album_item (thread_id, external_id, message_id, ordinal, text) values ($1, $2, $3, 1, $2)`,
      [threadId, mark, messageId],
    )
    const face = await file(`${mark}.png`, `${mark} face`)
    await db().pool.query(
      `insert into identity_picture (identity_id, inbox_id, name, ref, file_id) select id, $2, $1, to_json($1::text), $3
        from identity where key = $4`,
      [mark, inboxId, face, sender.key],
    )
    const other = await one(
      `insert into contact (name, merged_into) values ($1, $2) returning id`,
      mark,
      await contactOf(sender.key),
    )
    await db().pool.query(
      `insert into contact_merge (kept_id, merged_id, evidence, merged_by) values ($1, $2, $3, 'agent:1')`,
      [await contactOf(sender.key), other.id, JSON.stringify([{ kind: 'email', value: mark }])],
    )
    expect((await traces()).length).toBeGreaterThan(16)
    expect((await tracesOnDisk(folder, mark)).length).toBe(3)

    const before = await one(
      'select number, message_count as n, version from conversation where id = $1',
      conversationId,
    )
    await erase(await contactOf(sender.key))
    expect(await traces()).toEqual([])
    expect(await tracesOnDisk(folder, mark)).toEqual([])
    const after = await one('select * from conversation where id = $1', conversationId)
    expect(after).toMatchObject({ number: before.number, message_count: before.n, status: 'resolved', preview: '' })
    expect(BigInt(after.version)).toBeGreaterThan(BigInt(before.version))
    expect(await statesIn(db(), conversationId)).toEqual(['cancelled'])
    expect((await one('select done_at, about, files from erasure')).done_at).not.toBeNull()
  })

  it('makes them a stranger at once, and refuses to write where they were', async () => {
    const first = mara('stranger')
    const { outcomes } = await record(first)
    const { conversationId } = outcomes[0] as { conversationId: string }
    await say(db(), channel, conversationId, { text: 'on its way' })
    const contactId = await contactOf(first.sender.key)
    await eraseContact(db(), contactId, `agent:${agentId}`)
    expect(await statesIn(db(), conversationId)).toEqual(['cancelled'])
    expect(await one('select name, erased_at is not null as erased from contact where id = $1', contactId)).toEqual({
      name: '',
      erased: true,
    })
    await expect(say(db(), channel, conversationId, { text: 'Hello?' })).rejects.toMatchObject({ code: 'erased' })
    const again = await record(mara('stranger', { text: 'hello again', raw: null }))
    expect((again.outcomes[0] as { conversationId: string }).conversationId).not.toBe(conversationId)
    expect(await contactOf(first.sender.key)).not.toBe(contactId)
    await work(contactId)
    expect((await one(`select count(*)::int as n from message where text = 'hello again'`)).n).toBe(1)
    await erase(await contactOf(first.sender.key))
    expect(await traces()).toEqual([])
  })

  it('leaves what others said in a group, and what we said to others', async () => {
    const group = { key: 'the-group', kind: 'group', audience: 'shared' as const }
    const host = said('the host asks', {
      thread: group,
      sender: { key: 'host', name: 'Host' },
      raw: { text: 'host raw' },
    })
    const { outcomes } = await record(host)
    const { conversationId } = outcomes[0] as { conversationId: string }
    const theirs = mara('group', { thread: group, externalId: 'g1' })
    const { outcomes: second } = await record(theirs, said('the host adds', { thread: group, sender: host.sender }))
    await say(db(), channel, conversationId, { text: 'to the host' })
    await say(db(), channel, conversationId, {
      text: `so you are ${mark}`,
      replyTo: (second[0] as { messageId: string }).messageId,
    })
    await erase(await contactOf(theirs.sender.key))
    expect(await traces()).toEqual([])
    expect(await statesIn(db(), conversationId)).toEqual(['pending', 'cancelled'])
    const { rows } = await db().pool.query(
      'select text, deleted_by from message where conversation_id = $1 order by seq',
      [conversationId],
    )
    expect(rows).toEqual([
      { text: 'the host asks', deleted_by: null },
      { text: '', deleted_by: 'erasure' },
      { text: 'the host adds', deleted_by: null },
      { text: 'to the host', deleted_by: null },
      { text: '', deleted_by: 'erasure' },
    ])
    expect(await one('select status, preview from conversation where id = $1', conversationId)).toMatchObject({
      preview: 'to the host',
    })
    // The platform still knows their message there: what they make of it now must not come back.
    await record({
      ...mara('group', { thread: group }),
      kind: 'edit',
      externalId: 'g1',
      text: `${mark} edited later`,
      raw: null,
    } as InboundEvent)
    expect(await tracesInTables(db().pool, 'edited later')).toEqual([])
  })

  it('takes them out of the letters of others who were in copy', async () => {
    const them = { name: `${mark} Name`, address: `${mark}-mail@x.example` }
    const asked = letterOf(`${mark} asks`, { from: them, subject: `${mark} matter`, externalId: 'l1' })
    const bob = { name: 'Bob', address: 'bob@x.example' }
    const envelope = { to: [us], cc: [them], others: [them] }
    await record(asked, letterOf('Bob stays', { from: bob, subject: 'Re', envelope, externalId: 'l2' }))
    await erase(await contactOf(them.address))
    expect(await traces()).toEqual([])
    const { rows } = await db().pool.query(
      `select text, letter from message where external_id = 'l2' or text like 'Bob%' order by id`,
    )
    expect(rows).toEqual([
      { text: 'Bob stays', letter: expect.objectContaining({ from: bob, to: [us], cc: [], others: [] }) },
    ])
  })

  it('keeps a file that somebody else sent as well', async () => {
    const fileId = await file('same.txt', 'the same bytes')
    const attachment = { name: 'same.txt', type: 'text/plain', size: 14, fileId, ref: null }
    const theirs = mara('shares', { attachments: [attachment] })
    await record(
      theirs,
      said('me too', {
        chat: 'someone',
        attachments: [{ ...attachment, fileId: await file('mine.txt', 'the same bytes') }],
      }),
    )
    await erase(await contactOf(theirs.sender.key))
    expect(await tracesOnDisk(folder, 'the same bytes')).toHaveLength(1)
    expect(await one('select count(*)::int as n from file where id = $1', fileId)).toEqual({ n: 0 })
  })
})

describe('the work of erasing', () => {
  it('goes on where a process was killed, and ends', async () => {
    const first = mara('long')
    const { outcomes } = await record(first)
    const { conversationId: id } = outcomes[0] as { conversationId: string }
    const at = await one(
      'select thread_id as "threadId", opener_identity_id as "identityId" from conversation where id = $1',
      id,
    )
    await db().pool.query(
      `insert into message (conversation_id, thread_id, seq, direction, sender_type, sender_identity_id, text, occurred_at)
        select $1, $2, n, 'in', 'contact', $3, $4 || n, now() from generate_series(2, 1300) n`,
      [id, at.threadId, at.identityId, `${mark} `],
    )
    const contactId = await contactOf(first.sender.key)
    await eraseContact(db(), contactId, 'token:0')
    const left = async () =>
      (await one('select count(*)::int as n from message where conversation_id = $1 and text <> $2', id, '')).n
    const killed = new AbortController()
    const running = await transaction(db(), async (tx) => {
      // Behind the first step it meets a message that somebody holds.
      await tx.query('select from message where conversation_id = $1 and seq = 700 for update', [id])
      const begun = work(contactId, 0, killed.signal)
      begun.catch(() => {})
      await eventually(async () => (await left()) < 1_300)
      killed.abort()
      return { begun }
    })
    await expect(running.begun).rejects.toThrow()
    const n = await left()
    expect([n > 0, n < 1_300]).toEqual([true, true])
    await work(contactId)
    expect([await left(), await traces()]).toEqual([0, []])
    await work(contactId)
    await erase(contactId)
    expect(await traces()).toEqual([])
  })

  it('comes back for what was being stored while it began', async () => {
    const first = mara('late')
    const { outcomes } = await record(first)
    const { conversationId: id } = outcomes[0] as { conversationId: string }
    const { thread_id: threadId, opener_identity_id: identityId } = await one(
      'select * from conversation where id = $1',
      id,
    )
    const contactId = await contactOf(first.sender.key)
    await eraseContact(db(), contactId, 'token:0')
    await expect(work(contactId, 60_000)).rejects.toThrow(NotYet)
    expect(await traces()).not.toEqual([])
    // A transaction that had read the account before commits now, with a name as well.
    await createMessage(db().pool, { id, threadId, identityId }, { text: `${mark} late words` })
    await db().pool.query('update identity set name = $2 where id = $1', [identityId, `${mark} late name`])
    await db().pool.query(`update erasure set asked_at = now() - interval '61 s' where contact_id = $1`, [contactId])
    await work(contactId, 60_000)
    expect(await traces()).toEqual([])
  })

  it('waits for what is on its way out', async () => {
    const first = mara('sending')
    const { outcomes } = await record(first)
    const { conversationId } = outcomes[0] as { conversationId: string }
    await say(db(), channel, conversationId, { text: `Hello ${mark}` })
    const wish = { allowances: new Map(), perInbox: 50, pausedPlaces: [], afterInbox: '0', limit: 50, leaseMs: 30_000 }
    const claimed = (await claimDeliveries(db().pool, wish)).find((row) => row.conversationId === conversationId)!
    const contactId = await contactOf(first.sender.key)
    await eraseContact(db(), contactId, 'token:0')
    await expect(work(contactId)).rejects.toThrow(NotYet)
    await settleDelivery(db(), claimed, { state: 'sent', externalId: `${mark}-sent`, refused: undefined } as never)
    await work(contactId)
    expect([await traces(), await statesIn(db(), conversationId)]).toEqual([[], ['sent']])
  })

  it('takes nothing from others and loses nothing of what arrives meanwhile', async () => {
    await record(mara('storm'))
    const contactId = await contactOf(`${mark}-storm`)
    const storm = Array.from({ length: 24 }, (_, n) => record(mara('storm', { text: `kept ${n}`, raw: null })))
    await Promise.all([...storm, eraseContact(db(), contactId, 'token:0')])
    await work(contactId)
    const { rows } = await db().pool.query(
      `select n.contact_id = $1 as old, m.text = '' as empty, count(*)::int as n from message m
        join identity n on n.id = m.sender_identity_id where n.contact_id = $1 or n.key = $2 group by 1, 2`,
      [contactId, `${mark}-storm`],
    )
    expect(rows.reduce((sum: number, row: { n: number }) => sum + row.n, 0)).toBe(25)
    expect(rows.filter((row: { old: boolean; empty: boolean }) => row.old !== row.empty)).toEqual([])
  })

  it('leaves our own people out of it', async () => {
    const first = mara('staffed')
    const { outcomes } = await record(first)
    const { conversationId } = outcomes[0] as { conversationId: string }
    const { thread_id: threadId } = await one('select thread_id from conversation where id = $1', conversationId)
    const staff = await createIdentity(db().pool, { agentId })
    await db().pool.query('insert into participant (thread_id, identity_id) values ($1, $2)', [threadId, staff])
    await erase(await contactOf(first.sender.key))
    expect((await one('select key from thread where id = $1', threadId)).key).toMatch(/^erased:/)
  })
})
