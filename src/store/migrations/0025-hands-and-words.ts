import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
-- a late answer takes the case to the next level
alter table sla_policy add escalates boolean not null default false;
-- {"vip": true, "owners": ["7"]}: what a merge gave to the person kept, and what goes with its undoing
alter table contact_merge add brought jsonb not null default '{}';
-- {"zh": "..."}: customer_sees in other languages; where a language is missing customer_sees is said
alter table team add customer_sees_in jsonb not null default '{}';
`

const down = `
alter table team drop customer_sees_in;
alter table contact_merge drop brought;
alter table sla_policy drop escalates;
`

export class HandsAndWords0025 implements MigrationInterface {
  readonly name = 'HandsAndWords1700000000025'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
