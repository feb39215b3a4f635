import type { MigrationInterface, QueryRunner } from 'typeorm'

/** When each agent last did something. Unlogged: after a crash everybody says so again within a minute. */
export class Presence0006 implements MigrationInterface {
  readonly name = 'Presence1700000000006'

  async up(runner: QueryRunner): Promise<void> {
    // `here`: colleagues were told that this agent is there; whoever sets it to false tells them that it is over.
    await runner.query(`create unlogged table agent_presence (
      agent_id  bigint primary key references agent on delete cascade,
      active_at timestamptz not null,
      here      boolean not null)`)
    await runner.query('create index agent_presence_here on agent_presence (active_at) where here')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table agent_presence')
  }
}
