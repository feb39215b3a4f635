import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channels } from '../../channels/index.ts'
import { createFiles } from '../../src/files/files.ts'
import { createRules } from '../../src/routing/rule-book.ts'
import { testRules } from '../../src/routing/test-rules.ts'
import { type Desk, readDesk } from '../../src/sample/desk-files.ts'
import { loadSample, NotEmpty, type SampleContext } from '../../src/sample/load-sample.ts'
import { Entangled, removeSample } from '../../src/sample/remove-sample.ts'
import { createSealer } from '../../src/security/seal.ts'
import { listRules } from '../../src/store/rule.ts'
import { newRule } from '../../src/wire/rule.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'

const folder = join(import.meta.dirname, '..', '..', 'content', 'northstar')
const publicUrl = 'https://support.northstar.example'

let database: TestDatabase
let ctx: SampleContext
let desk: Desk
let scratch: string

beforeAll(async () => {
  desk = await readDesk(folder)
  scratch = await mkdtemp(join(tmpdir(), 'sample-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

async function begin(): Promise<void> {
  database = await testDatabase()
  const sealer = createSealer('the secret key of the tests, long enough')
  const files = await createFiles(database.db, scratch)
  ctx = { db: database.db, channels, sealer, files, clock: () => new Date(), publicUrl }
}

const query = async (text: string, values: unknown[] = []) => (await database.db.pool.query(text, values)).rows
const count = async (table: string) => Number((await query(`select count(*) as n from ${table}`))[0].n)

// What only notes that something was, and what is folded or cleaned later.
const traces = [
  'feed',
  'feed_head',
  'job',
  'conversation_count',
  'conversation_count_delta',
  'article_word',
  'file',
  'rule_set',
]

async function everyCount(): Promise<Record<string, number>> {
  const tables = await query(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
  )
  const names = tables.map(({ name }) => String(name)).filter((name) => !traces.includes(name))
  const counted = await Promise.all(names.map(async (name) => [name, await count(name)] as const))
  return Object.fromEntries(counted)
}

describe('a loaded sample', () => {
  beforeAll(async () => {
    await begin()
    expect(await loadSample(ctx, folder)).toBe(true)
  })
  afterAll(() => database.close())

  test('holds what its files say', async () => {
    const messages = desk.conversations.flatMap((one) => one.messages)
    const texts = await query('select count(*) as n from article_text where published_version is not null')
    expect({
      topics: await count('topic'),
      forms: await count('topic_form'),
      teams: await count('team'),
      members: await count('team_member'),
      agents: await count('agent'),
      inboxes: await count('inbox'),
      policies: await count('sla_policy'),
      hours: await count('business_hours'),
      macros: await count('macro'),
      rules: await count('rule'),
      articles: await count('article'),
      texts: Number(texts[0].n),
      found: await count('article_search'),
      conversations: await count('conversation'),
      messages: await count('message'),
      contacts: await count('contact'),
      pictures: await count('attachment'),
    }).toEqual({
      topics: desk.topics.length,
      forms: desk.forms.length,
      teams: desk.teams.length,
      members: desk.teams.flatMap((team) => team.members).length,
      agents: desk.agents.length,
      inboxes: 5,
      policies: desk.promises.promises.length,
      hours: desk.promises.hours.length,
      macros: desk.macros.length * 5,
      rules: desk.rules.length,
      articles: 39,
      texts: 39 * 5,
      found: 39 * 5,
      conversations: 20,
      messages: messages.length,
      contacts: 20,
      pictures: messages.filter(({ attachment }) => attachment !== undefined).length,
    })
  })

  test('adds nothing the second time, nor when two ask at once', async () => {
    const before = await everyCount()
    expect(await Promise.all([loadSample(ctx, folder), loadSample(ctx, folder)])).toEqual([false, false])
    expect(await everyCount()).toEqual(before)
  })

  test('sends nothing and asks nobody: no delivery, no job about a conversation, nobody can sign in', async () => {
    expect(await count('delivery')).toBe(0)
    expect(
      await query(`select kind from job where kind in ('route', 'answer-asked', 'rules', 'fetch-attachment')`),
    ).toEqual([])
    expect(await query('select name from agent where password_hash is not null')).toEqual([])
    // The one decision about automatic speech answers nothing that was said before an inbox went live.
    const live = `select m.id from message m join thread t on t.id = m.thread_id join inbox i on i.id = t.inbox_id where m.occurred_at >= i.live_since`
    expect(await query(live)).toEqual([])
    const on = desk.inboxes.filter((inbox) => inbox.enabled).map(({ name }) => ({ name, health: 'connecting' }))
    expect(await query('select name, health from inbox where enabled')).toEqual(on)
  })

  test('stands as the files say: status, people, language, priority, topic, tags, waiting and owner', async () => {
    const rows = await query(
      `select k.name, c.status, c.priority, c.tier, c.language, c.tags, c.holder, t.name as team, a.public_name as assignee, p.name as topic,
          c.waiting_since is not null as waiting, c.message_count::int as said, c.audience
        from conversation c join identity n on n.id = c.opener_identity_id join contact k on k.id = n.contact_id
        left join team t on t.id = c.team_id left join agent a on a.id = c.assignee_id left join topic p on p.id = c.topic_id`,
    )
    const team = (key: string | null) => desk.teams.find((one) => one.key === key)?.name ?? null
    const assignee = (key: string | null) => desk.agents.find((one) => one.key === key)?.publicName ?? null
    expect(rows.toSorted(byName)).toEqual(
      desk.conversations
        .map((one) => ({
          name: one.contact.name,
          status: one.status,
          priority: one.priority,
          tier: one.tier,
          language: one.contact.language,
          tags: one.tags,
          holder: one.assignee === null ? 'queue' : 'agent',
          team: team(one.team),
          assignee: assignee(one.assignee),
          topic: desk.topics.find(({ key }) => key === one.topic)?.name['en'],
          waiting: one.status === 'open' && waits(one),
          said: one.messages.length,
          audience: one.audience,
        }))
        .toSorted(byName),
    )
    const owned = await query(
      'select a.public_name as owner, k.name from contact_owner o join agent a on a.id = o.agent_id join contact k on k.id = o.contact_id',
    )
    expect(owned).toEqual([{ owner: '文静', name: '陈建国' }])
  })

  test('names the article an answer of the bot came from, in its language', async () => {
    const [said] = await query(`select text from message where sender_type = 'bot' and text like '我是%'`)
    expect(said.text).toMatch(
      /\n\n\[[^\]]+\]\(https:\/\/support\.northstar\.example\/help\/zh\/deposit-not-credited\)$/,
    )
  })

  test.each([
    ['김민수', []],
    ['Grace Miller', []],
    ['陈建国', ['VIP first', 'Large sums']],
    ['Daniel Osei', ['Liquidation disputes']],
    ['moonfarmer', ['Wishes to product']],
  ])('has rules that fire on %s as they are written', async (name, fired) => {
    const [found] = await query(
      `select c.id from contact k join identity n on n.contact_id = k.id join conversation c on c.opener_identity_id = n.id where k.name = $1`,
      [name],
    )
    const ground = { log: pino({ level: 'silent' }), clock: () => new Date(), rules: createRules() }
    const wish = { conversationId: found.id, messageId: null, event: 'message' as const }
    const { rules } = await testRules(database.db.pool, ground, { rules: await listRules(database.db.pool), wish })
    const names = rules.filter(({ outcome }) => outcome === 'fires').map(({ rule }) => rule.name)
    expect(names.filter((one) => one !== 'Outside hours on the site')).toEqual(fired)
  })

  test('has rules that the API would take', async () => {
    for (const { id: _, updatedAt: __, ...rule } of await listRules(database.db.pool)) newRule.parse(rule)
  })
})

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

function waits({ messages }: Desk['conversations'][number]): boolean {
  const last = messages.findLast(({ from }) => from === 'customer' || from === 'agent')
  return last?.from === 'customer'
}

describe('a sample on its way', () => {
  test('is refused in one line where somebody works already, and leaves nothing behind', async () => {
    await begin()
    await database.db.pool.query(`insert into team (name) values ('Ours')`)
    const before = await everyCount()
    const refusal = await loadSample(ctx, folder).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(NotEmpty)
    expect(String(refusal)).toMatch(/^[^\n]+already: teams\.$/)
    expect(await everyCount()).toEqual(before)
    await database.close()
  })

  test('is loaded whole or not at all', async () => {
    await begin()
    const before = await everyCount()
    const broken = { ...ctx, channels: channels.slice(0, 2) }
    await expect(loadSample(broken, folder)).rejects.toThrow(/no channel/)
    expect(await everyCount()).toEqual(before)
    await database.close()
  })

  test('goes again without a trace, also what was written in its inboxes, and nothing of anybody else', async () => {
    await begin()
    await database.db.pool.query(
      `insert into agent (email, name, public_name, role) values ('ada@example.com', 'Ada', 'Ada', 'admin')`,
    )
    await database.db.pool.query(`insert into tag (name) values ('txid')`)
    await database.db.pool.query(`insert into inbox (channel, name) values ('email', 'Ours')`)
    const before = await everyCount()
    await loadSample(ctx, folder)
    await database.db.pool.query(
      `insert into message (conversation_id, thread_id, seq, direction, sender_type, text, occurred_at)
        select id, thread_id, 99, 'note', 'agent', 'Written later', now() from conversation`,
    )
    await database.db.pool.query(`update topic set name = 'Renamed' where name like 'Account%'`)
    await joinWithOurs()
    const refusal = await removeSample(database.db).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Entangled)
    expect(String(refusal)).toMatch(/#1001\b/)
    expect(await count('conversation')).toBe(20)
    await database.db.pool.query(`delete from message where text like 'A letter of%'`)
    await database.db.pool.query(`delete from thread where key = 'ours'`)

    expect(await removeSample(database.db)).toBe(true)
    expect(await everyCount()).toEqual(before)
    expect(await query('select name from tag')).toEqual([{ name: 'txid' }])
    const left = await query(
      'select sum(n)::int as n from (select n from conversation_count union all select n from conversation_count_delta) a',
    )
    expect(left).toEqual([{ n: 0 }])
    expect(await removeSample(database.db)).toBe(false)
    await database.close()
  }, 90_000)
})

/** A letter of a real customer stands in a conversation of the sample. */
async function joinWithOurs(): Promise<void> {
  await database.db.pool.query(
    `with t as (insert into thread (inbox_id, key, kind, audience, place)
        select id, 'ours', 'mail', 'private', 'p' from inbox where name = 'Ours' returning id)
    insert into message (conversation_id, thread_id, seq, direction, sender_type, text, occurred_at)
      select c.id, t.id, 100, 'in', 'contact', 'A letter of a real customer', now() from t,
        (select id from conversation order by number limit 1) c`,
  )
}
