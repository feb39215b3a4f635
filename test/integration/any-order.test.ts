import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordInbound } from '../../src/ingest/record-inbound.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { createInbox } from '../support/factories.ts'
import { discordStory } from '../support/stories/discord.ts'
import { mailStory } from '../support/stories/mail.ts'
import { deliveries, type Held, type Plot, play, plot, type TellerOf } from '../support/stories/story.ts'
import { telegramStory } from '../support/stories/telegram.ts'
import { widgetStory } from '../support/stories/widget.ts'
import { xDirectStory, xPostStory } from '../support/stories/x.ts'

/** Stories in all; 10,000 is the full size. */
const runs = Number(process.env['FOLD_RUNS'] ?? 200)
const seed = Number(process.env['FOLD_SEED'] ?? Date.now())
const mail = mailStory()
/** `share` of the runs: where nothing that was said can be changed there is less to find. */
const channels: readonly (readonly [name: string, channel: string, of: TellerOf, share: number])[] = [
  ['Telegram', 'telegram', telegramStory, 0.25],
  ['Discord', 'discord', discordStory, 0.25],
  ['X in public', 'x', xPostStory, 0.25],
  ['X in direct messages', 'x', xDirectStory, 0.08],
  ['email', 'email', mail.of, 0.08],
  ['the website chat', 'widget', widgetStory, 0.09],
]

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await mail.close()
  await database.close()
})

interface Stored extends Held {
  readonly id: string
}

/** What the store holds of these messages, one row each, however they were told. */
async function stored(inboxId: string, externalIds: readonly string[]): Promise<Stored[]> {
  const { rows } = await database.db.pool.query(
    `select m.external_id as id, m.text, m.deleted_at is not null as deleted,
        coalesce((select array_agg(r order by r) from jsonb_each(m.reactions::jsonb) e, jsonb_array_elements_text(e.value) r), '{}') as reactions
      from message m join thread t on t.id = m.thread_id
     where t.inbox_id = $1 and m.external_id = any($2) order by array_position($2, m.external_id)`,
    [inboxId, externalIds],
  )
  return rows as Stored[]
}

/** What must hold in the whole inbox, whatever came: each is one row that should not be. */
async function contradictions(inboxId: string): Promise<unknown[]> {
  const { rows } = await database.db.pool.query(
    `select 'seq or count' as what, c.id::text from conversation c
       where c.inbox_id = $1 and (select row(count(*), max(seq), count(distinct seq)) from message m where m.conversation_id = c.id)
         is distinct from row(c.message_count, c.last_seq, c.message_count)
     union all select 'waits for ever', event_id from inbound_event where inbox_id = $1 and state <> 'applied'
     union all select 'words of a removed message', v.message_id::text from message_version v
       join message m on m.id = v.message_id join thread t on t.id = m.thread_id
       where t.inbox_id = $1 and m.deleted_at is not null and v.text <> ''`,
    [inboxId],
  )
  return rows
}

let run = 0
async function tellAll(channel: string, of: TellerOf, told: Plot): Promise<void> {
  run += 1
  const inboxId = await createInbox(database.db.pool, { channel })
  await database.db.pool.query(
    `update inbox set import_from = now() - interval '1 year', live_since = now() - interval '1 year' where id = $1`,
    [inboxId],
  )
  const teller = of(run, inboxId)
  const { steps, final } = play(told, teller.does, new Date(Math.floor(Date.now() / 1_000) * 1_000 - 5 * 86_400_000))
  for (const batch of deliveries(
    told,
    steps.map((step) => teller.tell(step, steps, final)),
  )) {
    const events = (await Promise.all(batch.map((one) => teller.hear(one)))).flat()
    await recordInbound(database.db, { inboxId, now: new Date(), batch: { events } })
  }
  const ids = final.map((_, n) => teller.externalId(n))
  const expected = final.map((held, n) => ({
    id: ids[n],
    ...held,
    reactions: held.deleted ? expect.anything() : [...held.reactions].sort(),
  }))
  expect(await stored(inboxId, ids)).toEqual(expected)
  expect(await contradictions(inboxId)).toEqual([])
}

describe('what is stored is the same, however it was told: doubled, out of order, days late, a change before its message', () => {
  test.each(channels)('on %s', { timeout: 600_000 }, async (_name, channel, of, share) => {
    await fc.assert(
      fc.asyncProperty(plot, (told) => tellAll(channel, of, told)),
      { numRuns: Math.ceil(runs * share), seed },
    )
  })
})
