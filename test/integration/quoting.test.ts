import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { say } from '../support/delivery-ground.ts'
import { said } from '../support/events.ts'
import { createInbox } from '../support/factories.ts'
import { scriptedChannel } from '../support/scripted-channel.ts'

let ground: TestDatabase
const db = () => ground.db
const channel = scriptedChannel()

beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())

/** Two people ask in one room; the conversation, and the version in which only the first had. */
async function room(audience: 'private' | 'shared' | 'public') {
  const inboxId = await createInbox(db().pool)
  const thread = { key: 'room', kind: 'group', audience }
  const tell = async (externalId: string) => {
    const event = said(externalId, { thread, externalId, sender: { key: `who asked ${externalId}` } })
    const { outcomes } = await recordInbound(db(), { inboxId, now: new Date(), batch: { events: [event] } })
    const { conversationId, messageId } = outcomes[0] as { conversationId: string; messageId: string }
    const { rows } = await db().pool.query('select version from conversation where id = $1', [conversationId])
    return { id: conversationId, messageId, version: Number(rows[0].version) }
  }
  const [first, second] = [await tell('m1'), await tell('m2')]
  return { id: first.id, first, second }
}
async function quotedBy(messageId: string) {
  const { rows } = await db().pool.query(
    `select d.reply_to as platform, m.reply_to_id as ours from message m join delivery d on d.message_id = m.id where m.id = $1`,
    [messageId],
  )
  return rows[0]
}

describe('an answer where others read along', () => {
  it.each(['shared', 'public'] as const)('quotes whoever asked last (%s), and shows that it does', async (audience) => {
    const { id, second } = await room(audience)
    const { messageId } = await say(db(), channel, id, { text: 'We look.' })
    expect(await quotedBy(messageId)).toEqual({ platform: 'm2', ours: second.messageId })
  })

  it('quotes what was chosen, and what came after the writer looked is not what was answered', async () => {
    const { id, first } = await room('shared')
    const chosen = await say(db(), channel, id, { text: 'To you.', replyTo: first.messageId })
    const unseen = await say(db(), channel, id, { text: 'To you.', basedOn: first.version })
    for (const { messageId } of [chosen, unseen])
      expect(await quotedBy(messageId)).toEqual({ platform: 'm1', ours: first.messageId })
  })

  it('quotes nobody in private, where the channel cannot, in a note, and what was deleted', async () => {
    const nobody = { platform: null, ours: null }
    const alone = await room('private')
    expect(await quotedBy((await say(db(), channel, alone.id, { text: 'Hello' })).messageId)).toEqual(nobody)
    const together = await room('shared')
    const capabilities = channel.adapter.capabilities({})
    const mute = { ...channel.adapter, capabilities: () => ({ ...capabilities, reply: 'dropped' as const }) }
    const describe = async (inboxId: string) => ({ inboxId, adapter: mute, settings: {} })
    const without = { ...channel, connections: { ...channel.connections, describe } }
    expect(await quotedBy((await say(db(), without, together.id, { text: 'Hello' })).messageId)).toEqual(nobody)
    const note = await say(db(), channel, together.id, { text: 'Hm', kind: 'note' })
    const { rows } = await db().pool.query('select reply_to_id from message where id = $1', [note.messageId])
    expect(rows).toEqual([{ reply_to_id: null }])
    await db().pool.query('update message set deleted_at = now() where id = $1', [together.second.messageId])
    const kept = await say(db(), channel, together.id, { text: 'Hello' })
    expect((await quotedBy(kept.messageId)).platform).toBe('m1')
  })
})
