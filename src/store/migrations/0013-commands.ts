import type { MigrationInterface, QueryRunner } from 'typeorm'

const up = `
-- by which message a person ended automatic messages; both null: they go on
alter table identity add automation_stopped_at timestamptz, add automation_stopped_by bigint;
-- when something automatic was first said there
alter table thread add automatic_at timestamptz;
-- what was said automatically, and in answer to which message: one message of a customer is answered so once at most
create table automatic_answer (
  asked_by   bigint primary key references message on delete cascade,
  message_id bigint not null unique references message on delete cascade,
  kind       text not null
);
`
const down = `
drop table automatic_answer;
alter table thread drop automatic_at;
alter table identity drop automation_stopped_at, drop automation_stopped_by;
`

export class Commands0013 implements MigrationInterface {
  readonly name = 'Commands1700000000013'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down)
  }
}
