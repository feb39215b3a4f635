import type { MigrationInterface, QueryRunner } from 'typeorm'

/** People are found by the beginning of a name or by an address, and everything of one can be erased. */
export class Erasure0012 implements MigrationInterface {
  readonly name = 'Erasure1700000000012'

  async up(runner: QueryRunner): Promise<void> {
    // Cut, because a row of an index holds at most 2,700 bytes and names are as long as people make them.
    await runner.query(`create index contact_name on contact ((left(lower(name), 100) collate "C"), id)`)
    await runner.query(`create index identity_name on identity ((left(lower(name), 100) collate "C"), contact_id)`)
    await runner.query(`create index identity_email on identity (left(lower(profile -> 'email' ->> 'address'), 254))
      where profile -> 'email' is not null`)
    await runner.query('alter table contact add erased_at timestamptz')
    // Nobody else took part in it; its key leads nowhere any more, so nothing is sent there.
    await runner.query('alter table thread add erased_at timestamptz')
    // The key of the person the website signed for: where what is kept of them here is found.
    await runner.query('alter table visitor add identity_key text')
    await runner.query('create index visitor_identity on visitor (identity_key) where identity_key is not null')
    await runner.query(`create table erasure (
      contact_id bigint primary key references contact,
      asked_by   text not null,                               -- 'agent:7', 'token:2'
      asked_at   timestamptz not null default now(),
      done_at    timestamptz,
      -- what to look for: their keys, addresses and places before they were forgotten; empty once it is done
      about      jsonb not null default '{}',
      -- taken from rows, the bytes not yet removed
      files      bigint[] not null default '{}')`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table erasure')
    await runner.query('alter table visitor drop identity_key')
    await runner.query('alter table thread drop erased_at')
    await runner.query('drop index contact_name, identity_name, identity_email')
    await runner.query('alter table contact drop erased_at')
  }
}
