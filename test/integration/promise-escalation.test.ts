import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tellDue } from '../../src/jobs/keep-promises.ts'
import { escalateBroken } from '../../src/routing/escalate-broken.ts'
import { setPolicyUsers } from '../../src/store/sla-policy.ts'
import { type TestDatabase, testDatabase } from '../support/database.ts'
import { type NoticeDesk, noticeDesk } from '../support/notice-desk.ts'
import { always, makePolicy } from '../support/promise-desk.ts'

let ground: TestDatabase
beforeAll(async () => {
  ground = await testDatabase()
})
afterAll(() => ground.close())
const pool = () => ground.db.pool

/** A first answer within an hour, each further one within half an hour; Ana serves these levels. */
async function deskOf({ escalates = true, tiers = [1, 2, 3], sees = 'a specialist' as string | null } = {}) {
  const desk = await noticeDesk(ground.db, { sees })
  const targets = { firstResponse: always(60), nextResponse: always(30), resolution: always(90) }
  const policyId = await makePolicy(pool(), { targets, escalates })
  await setPolicyUsers(pool(), policyId, { inboxIds: [desk.inboxId] })
  await pool().query('update agent set tiers = $2 where id = $1', [desk.agentId, tiers])
  return { ...desk, policyId }
}
const look = async (desk: NoticeDesk): Promise<void> => {
  await desk.keep()
  const onBreach = (tx: Parameters<typeof escalateBroken>[0], broken: Parameters<typeof escalateBroken>[1]) =>
    escalateBroken(tx, broken, desk.now())
  await tellDue({ ...desk.context, onBreach })
}
const tierOf = async (desk: NoticeDesk) => (await desk.conversation()).tier
const held = async (desk: NoticeDesk) => {
  const { id } = await desk.conversation()
  await pool().query(`update conversation set holder = 'agent', assignee_id = $2 where id = $1`, [id, desk.agentId])
}

describe('a late answer', () => {
  it('takes the case from whoever had it to the next level, says why, and tells the customer', async () => {
    const desk = await deskOf()
    await desk.write()
    await held(desk)
    desk.pass(59)
    await look(desk)
    expect(await tierOf(desk)).toBe(1)
    desk.pass(2)
    await Promise.all([look(desk), look(desk)])
    expect(await desk.conversation()).toMatchObject({ tier: 2, assignee_id: null, holder: 'queue', status: 'open' })
    const why = await desk.all(
      `select data -> 'why' as why from activity where kind = 'escalated' and conversation_id = $1`,
      (await desk.conversation()).id,
    )
    const note = { promise: 'firstResponse', promiseId: expect.any(String), by: desk.agentId }
    expect(why).toEqual([{ why: { code: 'breached', from: 1, to: 2, ...note } }])
    expect((await desk.tell()).at(-1)).toContain('goes on to a specialist')
  })

  it('does so once, also when its time is reckoned anew', async () => {
    const desk = await deskOf()
    await desk.write()
    desk.pass(61)
    await look(desk)
    await pool().query('update promise set breached_at = null where conversation_id = $1', [
      (await desk.conversation()).id,
    ])
    desk.pass(1)
    await look(desk)
    expect(await desk.told()).toHaveLength(2)
    expect(await tierOf(desk)).toBe(2)
  })

  it('goes up for each promise, and never past the third level', async () => {
    const desk = await deskOf()
    await desk.write()
    desk.pass(61)
    await look(desk)
    for (const tier of [3, 3]) {
      await desk.answer()
      desk.pass(1)
      await desk.write('And now?')
      desk.pass(31)
      await look(desk)
      expect(await tierOf(desk)).toBe(tier)
    }
  })

  it('passes by a level that nobody of the team serves, and stays where nobody serves a higher one', async () => {
    const [over, alone] = [await deskOf({ tiers: [1, 3] }), await deskOf({ tiers: [1] })]
    for (const desk of [over, alone]) {
      await desk.write()
      desk.pass(61)
      await look(desk)
    }
    expect([await tierOf(over), await tierOf(alone)]).toEqual([3, 1])
    expect(await alone.told()).toEqual(['broken: firstResponse'])
  })

  it('changes nothing where the policy does not say so, and gives nothing away where customers know nothing', async () => {
    const [calm, quiet] = [await deskOf({ escalates: false }), await deskOf({ sees: null })]
    for (const desk of [calm, quiet]) {
      await desk.write()
      desk.pass(61)
      await look(desk)
    }
    expect([await tierOf(calm), await tierOf(quiet)]).toEqual([1, 2])
    expect((await quiet.tell()).filter((text) => text.includes('goes on'))).toEqual([])
  })
})

it('a late solution is no late answer: the case stays where it is', async () => {
  const desk = await deskOf()
  await desk.write()
  await desk.answer()
  desk.pass(1)
  await pool().query(`update conversation set status = 'open' where id = $1`, [(await desk.conversation()).id])
  desk.pass(120)
  await look(desk)
  expect(await desk.told()).toContain('broken: resolution')
  expect(await tierOf(desk)).toBe(1)
})
