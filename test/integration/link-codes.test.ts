import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { newLinkCode, readLinkCode } from '../../src/domain/link-code.ts'
import { mergesOf } from '../../src/store/contact-suggestion.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { unique } from '../support/factories.ts'
import { type HttpServer, httpServer, type Person, readableInbox, signedIn } from '../support/http-server.ts'
import { letterOf } from '../support/letters.ts'
import { linkingGround } from '../support/linking.ts'

let base: TestDatabase
let server: HttpServer
let ground: ReturnType<typeof linkingGround>
let inboxId: string
let agent: Person
let li: { readonly chat: string; readonly contact: string; readonly conversation: string }
beforeAll(async () => {
  base = await testDatabase()
  server = await httpServer(base.db)
  ground = linkingGround(base.db)
})
beforeEach(async () => {
  await base.db.pool.query('truncate identity, contact, job, sign_in_attempt cascade')
  inboxId = await readableInbox(base.db)
  agent = await signedIn(server, { inboxes: [inboxId], name: 'Ana' })
  const chat = unique('li')
  const { conversationId = '' } = await ground.write(inboxId, 'It is me', { chat })
  li = { chat, contact: await ground.personOf(chat), conversation: conversationId }
})
afterAll(async () => {
  await server?.close()
  await base?.close()
})

const newCode = async (by = agent, contact = li.contact): Promise<string> => {
  const answer = await by.call(`POST /contacts/${contact}/link-codes`)
  expect(answer.status, answer.text).toBe(201)
  return answer.body.code
}
const activities = async (id: string | undefined) =>
  (await ground.rows('select kind, actor, data from activity where conversation_id = $1 order by id', [id])).map(
    ({ kind, actor, data }) => [kind, actor, data.because],
  )
/** What somebody wrote from another account, and whether they are Li by now. */
async function fromElsewhere(text: string, wish: Parameters<typeof ground.write>[2] = { chat: unique('wei') }) {
  const written = await ground.write(inboxId, text, wish)
  await ground.link()
  return { ...written, chat: wish.chat, linked: (await ground.personOf(wish.chat)) === li.contact }
}

describe('a code for another account', () => {
  it('is read however it was typed, and nothing else is', () => {
    const code = newLinkCode('contact', (below) => below - 1)
    expect(code).toBe('LINK-9999-9999')
    for (const typed of [code, ' link 9999 9999\n', 'LINK–9999–9999', 'ＬＩＮＫ－９９９９－９９９９', 'link99999999']) {
      expect(readLinkCode(typed)).toBe(code)
    }
    for (const other of [
      '',
      'LINK-9999-999',
      'LINK-999O-9999',
      `${code}!`,
      `My code: ${code}`,
      `${code}${' '.repeat(99)}`,
    ]) {
      expect(readLinkCode(other)).toBeNull()
    }
    const seen = new Set(Array.from({ length: 40 }, (_, n) => newLinkCode('agent', (below) => n % below)))
    for (const one of seen) expect(one).not.toMatch(/[ILOU01]/)
  })

  it('makes both one person, wakes nobody, and is told in both conversations', async () => {
    const [{ version }] = [await ground.conversation(li.conversation)]
    const there = await fromElsewhere(` ${(await newCode()).toLowerCase()} `)
    expect(there.linked).toBe(true)
    expect(await ground.conversation(there.conversationId)).toMatchObject({
      status: 'resolved',
      waiting_since: null,
      last_incoming_seq: '0',
    })
    expect(
      await ground.rows(`select 1 from job where kind = 'route' and payload ->> 'messageId' = $1`, [there.messageId]),
    ).toEqual([])
    expect(await activities(li.conversation)).toEqual([['contactMerged', 'contact', ['code']]])
    expect(await activities(there.conversationId)).toEqual([['contactMerged', 'contact', ['code']]])
    expect(Number((await ground.conversation(li.conversation)).version)).toBe(Number(version) + 1)
    expect(await mergesOf(base.db.pool, li.contact)).toMatchObject([{ by: null, evidence: [{ kind: 'code' }] }])
    const verified = () => ground.rows('select verified_by from identity where key = $1', [`person-of-${there.chat}`])
    expect(await verified()).toEqual([{ verified_by: 'code' }])
    const mergeId = (await mergesOf(base.db.pool, li.contact))[0]?.id
    expect((await agent.call(`POST /contacts/${li.contact}/unmerge`, { mergeId })).status).toBe(200)
    expect(await verified()).toEqual([{ verified_by: null }])
  })

  it('leaves a case that runs as it is', async () => {
    const chat = unique('wei')
    const first = await ground.write(inboxId, 'Where is it?', { chat })
    await base.db.pool.query(`update conversation set status = 'waiting', waiting_since = null where id = $1`, [
      first.conversationId,
    ])
    const there = await fromElsewhere(await newCode(), { chat })
    expect([there.linked, there.conversationId]).toEqual([true, first.conversationId])
    expect(await ground.conversation(first.conversationId)).toMatchObject({
      status: 'waiting',
      waiting_since: null,
      last_incoming_seq: '1',
    })
  })

  it('comes with a link to the bot as well', async () => {
    const argument = await newCode()
    const wish = { chat: unique('wei'), command: { name: 'start', argument } as const }
    expect((await fromElsewhere(`/start ${argument}`, wish)).linked).toBe(true)
  })

  it('is an ordinary message when it is wrong, used, replaced, expired or the person’s own', async () => {
    const used = await newCode()
    expect((await fromElsewhere(used)).linked).toBe(true)
    const replaced = await newCode()
    const expired = await newCode()
    await base.db.pool.query(`update link_code set expires_at = now() - interval '1 s' where used_at is null`)
    for (const code of ['LINK-7K3M-9QTX', used, replaced, expired]) {
      const there = await fromElsewhere(code)
      expect([code, there.linked]).toEqual([code, false])
      expect(await ground.conversation(there.conversationId)).toMatchObject({ status: 'open', last_incoming_seq: '1' })
    }
    const own = await newCode()
    await ground.write(inboxId, own, { chat: li.chat })
    expect(await ground.conversation(li.conversation)).toMatchObject({ last_incoming_seq: '2' })
    expect((await fromElsewhere(own)).linked).toBe(true)
  })

  it('is used once, however many write it at the same moment', async () => {
    const code = await newCode()
    const all = await Promise.all(Array.from({ length: 6 }, () => fromElsewhere(code)))
    const people = await Promise.all(all.map(({ chat }) => ground.personOf(chat)))
    expect(people.filter((person) => person === li.contact)).toHaveLength(1)
  })
})

describe('a code in the wrong hands', () => {
  it('is not looked at where others read along, nor in what was said before', async () => {
    const code = await newCode()
    for (const audience of ['shared', 'public'] as const) {
      const chat = unique('group')
      expect((await fromElsewhere(code, { chat, thread: { key: chat, kind: 'group', audience } })).linked).toBe(false)
    }
    const before = { chat: unique('old'), occurredAt: new Date('2019-12-31') }
    await base.db.pool.query(`update inbox set import_from = '2019-01-01' where id = $1`, [inboxId])
    expect((await fromElsewhere(code, before)).linked).toBe(false)
    expect(await ground.rows('select used_at from link_code')).toEqual([{ used_at: null }])
    expect((await fromElsewhere(code)).linked).toBe(true)
  })

  it('does not give away who only claims to have written a letter', async () => {
    const from = { name: 'Victim', address: 'victim@x.example' }
    const letter = (code: string, verified: boolean) => {
      const { sender, ...event } = letterOf(code, { from })
      return { chat: from.address, ...event, sender: { ...sender, ...(verified && { verifiedBy: 'dmarc' }) } }
    }
    const code = await newCode()
    const personOf = async () =>
      (await ground.rows(`select contact_id from identity where key = $1`, [from.address]))[0]?.contact_id
    await fromElsewhere(code, letter(code, false))
    expect(await personOf()).not.toBe(li.contact)
    await fromElsewhere(code, letter(code, true))
    expect(await personOf()).toBe(li.contact)
  })

  it('cannot be guessed: after five wrong ones an account is not listened to, and others are', async () => {
    const chat = unique('guesser')
    for (let n = 0; n < 5; n++) await fromElsewhere(`LINK-AAAA-AAA${'BCDEF'[n]}`, { chat })
    const code = await newCode()
    expect((await fromElsewhere(code, { chat })).linked).toBe(false)
    expect((await fromElsewhere(code)).linked).toBe(true)
  })

  it('is made for nobody one may not see, nor without end, and stored as a hash', async () => {
    const stranger = await signedIn(server, { inboxes: [await readableInbox(base.db)] })
    const [hidden, none] = [
      await stranger.call(`POST /contacts/${li.contact}/link-codes`),
      await stranger.call('POST /contacts/987654321/link-codes'),
    ]
    expect([hidden.status, hidden.body]).toEqual([404, none.body])
    const code = await newCode()
    expect(JSON.stringify(await ground.rows('select * from link_code'))).not.toContain(code.slice(5))
    for (let n = 1; n < 30; n++) await newCode()
    expect((await agent.call(`POST /contacts/${li.contact}/link-codes`)).status).toBe(429)
  })
})
