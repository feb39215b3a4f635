import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What a channel of letters needs: their envelope, all of their words, how they found their thread, the raw file of each. */
export class Letters0003 implements MigrationInterface {
  readonly name = 'Letters1700000000003'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table message add letter jsonb, add full_text text, add joined_by text')
    // A reference names a letter of the inbox, in whichever thread.
    await runner.query('create index message_letter on message (external_id) where letter is not null')
    await runner.query('alter table inbound_event drop raw_file, add raw_file_id bigint references file')
    await runner.query('create index inbound_event_file on inbound_event (raw_file_id) where raw_file_id is not null')
    await runner.query('drop index inbound_event_received')
    await runner.query(`create index inbound_event_received on inbound_event (received_at)
      where raw is not null or raw_file_id is not null`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index inbound_event_received')
    await runner.query('drop index message_letter')
    await runner.query('alter table message drop letter, drop full_text, drop joined_by')
    await runner.query('alter table inbound_event drop raw_file_id, add raw_file text')
    await runner.query('create index inbound_event_received on inbound_event (received_at) where raw is not null')
  }
}
