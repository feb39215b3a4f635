import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { InboundEvent } from '../../src/channel/contract.ts'
import { applyStored } from '../../src/ingest/apply-stored.ts'
import { recordInbound, StaleLease } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { said } from '../support/events.ts'
import { createInbox } from '../support/factories.ts'

let test: TestDatabase
let inboxId: string
const hour = 3_600_000

beforeAll(async () => {
  test = await testDatabase()
})
afterAll(() => test.close())
beforeEach(async () => {
  inboxId = await createInbox(test.db.pool)
  await test.db.pool.query(
    `update inbox set import_from = now() - interval '1 year', live_since = now() - interval '1 day' where id = $1`,
    [inboxId],
  )
})

const record = (events: InboundEvent[], more: { now?: Date; cursor?: unknown; epoch?: string } = {}) =>
  recordInbound(test.db, {
    inboxId,
    now: more.now ?? new Date(),
    batch: { events, ...(more.cursor !== undefined && { cursor: more.cursor }) },
    ...(more.epoch !== undefined && { epoch: more.epoch }),
  })

async function rows<T = Record<string, unknown>>(sql: string, values: unknown[] = [inboxId]): Promise<T[]> {
  return (await test.db.pool.query(sql, values)).rows as T[]
}
const conversations = () =>
  rows<{ status: string; message_count: string; last_seq: string; version: string; preview: string }>(
    'select * from conversation where inbox_id = $1 order by id',
  )
const texts = () =>
  rows<{ text: string; seq: string }>(
    'select m.text, m.seq from message m join conversation c on c.id = m.conversation_id where c.inbox_id = $1 order by m.id',
  )

describe('one inbound message', () => {
  it('becomes a conversation, a message, a contact, one routing job and one feed entry', async () => {
    const result = await record([said('Where is my deposit?')])
    expect(result.outcomes[0]).toMatchObject({ kind: 'applied' })
    expect(await conversations()).toMatchObject([
      { status: 'open', message_count: '1', last_seq: '1', preview: 'Where is my deposit?' },
    ])
    const jobs = await rows(`select 1 from job where payload->>'messageId' = $1`, [
      (result.outcomes[0] as { messageId: string }).messageId,
    ])
    expect(jobs).toHaveLength(1)
    const feed = await rows<{ kind: string; version: string }>(
      'select kind, version from feed where inbox_id = $1 order by id',
    )
    expect(feed).toEqual([
      { kind: 'conversation.created', version: '1' },
      { kind: 'message.created', version: '2' },
    ])
  })

  it('that comes again changes nothing and answers with the same message', async () => {
    const event = said('once')
    const first = await record([event])
    const again = await record([event, event])
    expect(again.outcomes).toEqual([0, 1].map(() => ({ ...first.outcomes[0], kind: 'duplicate' })))
    expect(await texts()).toHaveLength(1)
    const other = await record([{ ...event, eventId: 'told by webhook' }])
    expect(other.outcomes[0]).toMatchObject({ kind: 'duplicate' })
    expect(await texts()).toHaveLength(1)
  })

  it('sent by many callers at once is stored once', async () => {
    const event = said('racing')
    const all = await Promise.all(Array.from({ length: 6 }, () => record([event])))
    expect(all.filter((r) => r.outcomes[0]?.kind === 'applied')).toHaveLength(1)
    expect(new Set(all.map((r) => (r.outcomes[0] as { messageId: string }).messageId)).size).toBe(1)
  })
})

describe('first messages that arrive at the same moment', () => {
  it('open one conversation together, and none of them is refused', async () => {
    for (let round = 0; round < 10; round++) {
      const chat = `crowd-${round}`
      await record([said('long ago', { chat })])
      await rows(
        `update conversation set status = 'resolved', resolved_at = now() - interval '1 year' where inbox_id = $1`,
      )
      const all = await Promise.all([1, 2, 3].map((n) => record([said(`now ${n}`, { chat })])))
      expect(all.map((r) => r.outcomes[0]?.kind)).toEqual(['applied', 'applied', 'applied'])
      expect(new Set(all.map((r) => (r.outcomes[0] as { conversationId: string }).conversationId)).size).toBe(1)
    }
  })
})

describe('a batch', () => {
  it('keeps the order of each thread, without gaps, over many threads', async () => {
    const events = Array.from({ length: 60 }, (_, i) => said(`n${i}`, { chat: `chat-${i % 7}` }))
    await record(events)
    const found = await rows<{ chat: string; list: string[]; seqs: string[] }>(
      `select t.key as chat, array_agg(m.text order by m.id) list, array_agg(m.seq::text order by m.id) seqs
         from message m join thread t on t.id = m.thread_id where t.inbox_id = $1 group by 1`,
    )
    expect(found).toHaveLength(7)
    for (const { chat, list, seqs } of found) {
      expect(list).toEqual(events.filter((e) => e.thread.key === chat).map((e) => e.text))
      expect(seqs).toEqual(list.map((_, i) => String(i + 1)))
    }
    for (const c of await conversations()) expect(c.message_count).toBe(c.last_seq)
  })

  it('with one event that cannot be applied quarantines it alone, with payload and reason, and it can be retried', async () => {
    const bad = { ...said('bad'), attachments: [{ name: 'x', ref: null, fileId: '999999999' }] }
    const result = await record([said('before'), bad, said('after')])
    expect(result.outcomes.map((o) => o.kind)).toEqual(['applied', 'quarantined', 'applied'])
    expect((await texts()).map((t) => t.text)).toEqual(['before', 'after'])
    const [row] = await rows<{ id: string; reason: string; raw: unknown }>(
      `select id, reason, raw from inbound_event where inbox_id = $1 and state = 'quarantined'`,
    )
    expect(row).toMatchObject({ raw: { text: 'bad' }, reason: expect.stringContaining('23503') })
    expect(await applyStored(test.db, row!.id, new Date())).toMatchObject({ kind: 'quarantined' })
    await rows(
      `insert into file (id, sha256, size, type, name, owner) values (999999999, 'x', 1, 'image/png', 'x', 'inbox:1')`,
      [],
    )
    expect(await applyStored(test.db, row!.id, new Date())).toMatchObject({ kind: 'applied' })
    expect((await texts()).map((t) => t.text)).toEqual(['before', 'after', 'bad'])
    expect(await applyStored(test.db, row!.id, new Date())).toBeNull()
  })

  it('commits its cursor with its rows, and neither under a lease that was taken over', async () => {
    await rows(`update inbox set lease_epoch = 7 where id = $1`)
    await record([said('ours')], { cursor: { at: 1 }, epoch: '7' })
    await expect(record([said('zombie')], { cursor: { at: 2 }, epoch: '6' })).rejects.toThrow(StaleLease)
    expect(await rows('select cursor from inbox where id = $1')).toEqual([{ cursor: { at: 1 } }])
    expect((await texts()).map((t) => t.text)).toEqual(['ours'])
  })

  it('counts what it leaves out, with the reason', async () => {
    const old = said('too old', { occurredAt: new Date(Date.now() - 400 * 24 * hour) })
    await recordInbound(test.db, {
      inboxId,
      now: new Date(),
      batch: { events: [old], ignored: [{ reason: 'a group', count: 3 }] },
    })
    expect(await rows('select reason, count from inbox_ignored where inbox_id = $1 order by reason')).toEqual([
      { reason: 'a group', count: '3' },
      { reason: 'before the start of the inbox', count: '1' },
    ])
    expect(await texts()).toEqual([])
  })
})

describe('the start point', () => {
  it('makes what was said before it resolved history, without routing', async () => {
    const result = await record([
      said('old story', { occurredAt: new Date(Date.now() - 48 * hour) }),
      said('new question'),
    ])
    expect(await conversations()).toMatchObject([{ status: 'open', message_count: '2' }])
    const routed = await rows<{ id: string }>(`select payload->>'messageId' id from job where kind = 'route'`, [])
    const [old, fresh] = result.outcomes as unknown as { messageId: string }[]
    expect(routed.map((r) => r.id)).not.toContain(old!.messageId)
    expect(routed.map((r) => r.id)).toContain(fresh!.messageId)
  })
})

describe('what happens to a message later', () => {
  it('appends an edit as a version and keeps what was said first', async () => {
    const event = said('send to 0xAAA')
    await record([event])
    const edit = {
      kind: 'edit' as const,
      eventId: 'e1',
      thread: event.thread,
      occurredAt: new Date(),
      raw: {},
      externalId: event.externalId,
      text: 'send to 0xBBB',
    }
    await record([edit, edit])
    expect((await texts()).map((t) => t.text)).toEqual(['send to 0xBBB'])
    const versions = await rows<{ text: string }>(
      `select v.text from message_version v join message m on m.id = v.message_id join thread t on t.id = m.thread_id where t.inbox_id = $1 order by v.version`,
    )
    expect(versions.map((v) => v.text)).toEqual(['send to 0xAAA', 'send to 0xBBB'])
  })

  it('waits, when it comes before the message, and is applied with it', async () => {
    const event = said('first words')
    const common = { thread: event.thread, occurredAt: new Date(), raw: {}, externalId: event.externalId }
    const early = await record([
      { kind: 'edit', eventId: 'early', text: 'better words', ...common },
      { kind: 'reaction', eventId: 'early2', reactions: ['👍'], sender: event.sender, ...common },
    ])
    expect(early.outcomes.map((o) => o.kind)).toEqual(['parked', 'parked'])
    await record([event])
    expect((await texts()).map((t) => t.text)).toEqual(['better words'])
    expect(await rows(`select 1 from inbound_event where inbox_id = $1 and state = 'parked'`)).toEqual([])
  })

  it('is hidden at once when the customer deletes it, and kept only under a stated retention', async () => {
    for (const days of [null, 30]) {
      await rows('update inbox set retention_days = $2 where id = $1', [inboxId, days])
      const event = said(`secret ${days}`)
      await record([event])
      await record([
        {
          kind: 'removal',
          eventId: `gone ${days}`,
          thread: event.thread,
          occurredAt: new Date(),
          raw: {},
          externalId: event.externalId,
        },
      ])
    }
    expect((await texts()).map((t) => t.text)).toEqual(['', ''])
    const kept = await rows<{ text: string }>(
      `select v.text from message_version v join message m on m.id = v.message_id join thread t on t.id = m.thread_id where t.inbox_id = $1 and v.text <> ''`,
    )
    expect(kept.map((k) => k.text)).toEqual(['secret 30'])
  })

  it('adds the pictures of an album to one message', async () => {
    const picture = (n: number) =>
      said(n === 0 ? 'three pictures' : '', { groupKey: 'album', attachments: [{ name: `${n}.png`, ref: n }] })
    await record([picture(0), picture(1)])
    await record([picture(2)])
    expect(await texts()).toHaveLength(1)
    expect(
      await rows(
        `select count(*)::int n from attachment a join message m on m.id = a.message_id join thread t on t.id = m.thread_id where t.inbox_id = $1`,
      ),
    ).toEqual([{ n: 3 }])
  })

  it('follows a thread that the platform gave a new key', async () => {
    const event = said('in the group')
    await record([event])
    await record([
      {
        kind: 'moved',
        eventId: 'mv',
        thread: event.thread,
        occurredAt: new Date(),
        raw: {},
        to: { ...event.thread, key: 'super' },
      },
    ])
    await record([said('still here', { chat: 'super', sender: event.sender })])
    expect(await conversations()).toMatchObject([{ message_count: '2' }])
  })
})

describe('threads of a place that the platform renamed', () => {
  const place = 'group'
  const by = (who: string, chat = 'group') =>
    said(who, {
      thread: { key: `${chat}~${who}`, kind: 'asker', audience: 'shared', place: chat },
      sender: { key: who },
    })
  it('go on, each with its own conversation; those that only sound alike and those that came first stay', async () => {
    const other = said('other', { thread: { key: 'group~li', kind: 'asker', audience: 'shared', place: 'elsewhere' } })
    const elsewhere = await createInbox(test.db.pool)
    await recordInbound(test.db, { inboxId: elsewhere, now: new Date(), batch: { events: [by('ann')] } })
    await record([by('ann'), by('bo'), other, by('bo', 'super')])
    const moved: InboundEvent = {
      kind: 'moved',
      eventId: 'mv',
      thread: { key: 'group', kind: 'group', audience: 'shared', place },
      occurredAt: new Date(),
      raw: {},
      to: { key: 'super', kind: 'group', audience: 'shared', place: 'super' },
      prefix: { from: 'group~', to: 'super~' },
    }
    await record([moved, by('ann', 'super')])
    const keys = await rows<{ key: string; place: string; n: number }>(
      `select t.key, t.place, (select count(*)::int from message m where m.thread_id = t.id) n from thread t
        where t.inbox_id = $1 and t.key like '%~%' order by t.key`,
    )
    expect(keys).toEqual([
      { key: 'group~bo', place: 'super', n: 1 },
      { key: 'group~li', place: 'elsewhere', n: 1 },
      { key: 'super~ann', place: 'super', n: 2 },
      { key: 'super~bo', place: 'super', n: 1 },
    ])
    expect(await rows('select key from thread where inbox_id = $1', [elsewhere])).toEqual([{ key: 'group~ann' }])
  })
})

describe('hostile input', () => {
  it('is stored without NUL, with keys short enough to index', async () => {
    const long = 'k'.repeat(100_000)
    const result = await record([
      said('a\0b', { eventId: long, externalId: long, chat: long, sender: { key: 's\0', name: '\0' } }),
    ])
    expect(result.outcomes[0]?.kind).toBe('applied')
    expect((await texts()).map((t) => t.text)).toEqual(['a\ufffdb'])
    expect((await record([said('a', { eventId: long })])).outcomes[0]?.kind).toBe('duplicate')
  })
})

describe('hands', () => {
  const asking = async () => {
    const found = await rows<{ id: string }>(
      `select payload->>'messageId' id from job where kind = 'route' order by id`,
      [],
    )
    return found.map(({ id }) => id)
  }
  const one = async (text: string) => {
    const [outcome] = (await record([said(text)])).outcomes as unknown as {
      messageId: string
      conversationId: string
    }[]
    return outcome!
  }

  it('are asked for until somebody was given the conversation, and again when it opens anew or the bot has it', async () => {
    const first = await one('first')
    const second = await one('second')
    expect(await asking()).toEqual(expect.arrayContaining([first.messageId, second.messageId]))
    const set = (what: string) =>
      test.db.pool.query(`update conversation set ${what} where id = $1`, [first.conversationId])
    await set(`routed_at = now()`)
    const third = await one('third')
    expect(await asking()).not.toContain(third.messageId)
    await set(`holder = 'bot'`)
    const forBot = await one('for the bot')
    expect(await asking()).toContain(forBot.messageId)
    await set(`holder = 'queue', status = 'resolved', resolved_at = now()`)
    const again = await one('open again')
    expect(await asking()).toContain(again.messageId)
  })
})
