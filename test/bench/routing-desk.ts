import { type Database, openDatabase } from '../../src/store/database.ts'
import { campaignDatabase } from '../chaos/database.ts'
import { createInbox, createTeam } from '../support/factories.ts'
import type { Bench } from './rate.ts'

export const people = 200
const teams = 5
export const languages = ['en', 'zh', 'ja', 'ko', 'ru'] as const

export interface RoutingDesk {
  readonly db: Database
  readonly teamIds: readonly string[]
  readonly inboxIds: readonly string[]
  close(): Promise<void>
}

/** 200 people in five teams, each with two of five languages, all online. */
export async function routingDesk(bench: Bench, name: string, capacity = 6): Promise<RoutingDesk> {
  const target = await campaignDatabase(bench.server.target, `bench_${name}_${process.pid}`)
  const db = await openDatabase(target, { poolSize: 3 })
  const teamIds: string[] = []
  const inboxIds: string[] = []
  for (let n = 0; n < teams; n += 1) {
    const teamId = await createTeam(db.pool)
    teamIds.push(teamId)
    inboxIds.push(await createInbox(db.pool, { teamId }))
  }
  await db.pool.query(
    `with a as (insert into agent (email, name, public_name, role, availability, capacity, languages)
        select 'a' || n, 'A' || n, 'A', 'agent', 'online', $1,
          jsonb_build_object(($2::text[])[1 + (n / 5) % 5], 3, ($2::text[])[1 + (n / 5 + 1) % 5], 1)
        from generate_series(1, $3::int) n returning id)
      insert into team_member (team_id, agent_id) select ($4::bigint[])[1 + (row_number() over ()) % $5::int], id from a`,
    [capacity, languages, people, teamIds, teams],
  )
  return { db, teamIds, inboxIds, close: () => db.close() }
}

/** So many that wait, in all teams and languages, each of another person. */
export async function letWait({ db, teamIds, inboxIds }: Omit<RoutingDesk, 'close'>, count: number): Promise<void> {
  await db.pool.query(
    `with n as (select n from generate_series(1, $1::int) n),
      k as (insert into contact (name) select 'c' from n returning id),
      i as (insert into identity (contact_id, channel, key) select id, 'loop', gen_random_uuid()::text from k returning id),
      p as (insert into thread (inbox_id, key, kind, audience, place)
        select ($2::bigint[])[1 + n % 5], gen_random_uuid()::text, 'chat', 'private', 'x' from n returning id, inbox_id),
      numbered as (select id, inbox_id, row_number() over () as n from p),
      persons as (select id, row_number() over () as n from i)
      insert into conversation (inbox_id, thread_id, opener_identity_id, status, audience, team_id, waiting_since, last_activity_at,
          routed_at, language)
      select numbered.inbox_id, numbered.id, persons.id, 'open', 'private',
          ($3::bigint[])[array_position($2::bigint[], numbered.inbox_id)], now() - n * interval '10 milliseconds', now(), now(),
          ($4::text[])[1 + (n / 5) % 5]
        from numbered join persons using (n)`,
    [count, inboxIds, teamIds, languages],
  )
  await db.pool.query('vacuum analyze conversation')
}

/** Somebody is done with so many. */
export async function finish({ db }: RoutingDesk, count: number): Promise<void> {
  await db.pool.query(
    `update conversation set status = 'resolved' where id in (select id from conversation
      where status = 'open' and assignee_id is not null order by assignee_id, id limit $1)`,
    [count],
  )
}
