import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Customers who left a chat are answered by letter: where to, whether they said so, and what was sent to them. */
export class Continuation0007 implements MigrationInterface {
  readonly name = 'Continuation1700000000007'

  async up(runner: QueryRunner): Promise<void> {
    // 'letter': words of this message once more, or about it, by another way than the message's own.
    await runner.query(`alter table delivery drop constraint delivery_operation_check, add constraint delivery_operation_check
      check (operation in ('send', 'edit', 'remove', 'react', 'letter'))`)
    // The chat that this thread of letters goes on with, and the confirmed address it does so with.
    await runner.query('alter table thread add continues_id bigint references thread deferrable, add continued_to text')
    await runner.query('create index thread_continues on thread (continues_id) where continues_id is not null')
    await runner.query('create index thread_continuing on thread (conversation_id) where continues_id is not null')
    await runner.query(`create table visitor_address (
      thread_id        bigint primary key references thread on delete cascade,
      -- null: none was confirmed yet
      address          text,
      -- 'code' by a link we sent, else who vouches for it
      verified_by      text,
      confirmed_at     timestamptz,
      pending          text,
      pending_hash     bytea unique,
      pending_until    timestamptz,
      -- the letter with the link
      pending_delivery bigint references delivery on delete set null,
      language         text)`)
    await runner.query(
      'create index visitor_address_pending on visitor_address (pending_until) where pending is not null',
    )
    // A message goes out by letter once, whatever two workers believe.
    await runner.query(`create table continued_message (
      message_id  bigint primary key references message on delete cascade,
      delivery_id bigint not null references delivery on delete cascade)`)
    await runner.query('create index continued_message_delivery on continued_message (delivery_id)')
    // How often somebody was asked, by visitor, address (hashed) and inbox.
    await runner.query(`create table address_ask (key text primary key, since timestamptz not null, n int not null)`)
    await runner.query('create index address_ask_since on address_ask (since)')
    // Of whom a page is open. Unlogged: open pages say so again within half a minute.
    await runner.query(`create unlogged table visitor_presence (
      thread_id bigint primary key references thread on delete cascade,
      seen_at   timestamptz not null)`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table visitor_presence, address_ask')
    await runner.query('drop table continued_message')
    await runner.query('drop table visitor_address')
    await runner.query('alter table thread drop continues_id, drop continued_to')
    await runner.query(`delete from delivery where operation = 'letter'`)
    await runner.query(`alter table delivery drop constraint delivery_operation_check, add constraint delivery_operation_check
      check (operation in ('send', 'edit', 'remove', 'react'))`)
  }
}
