import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What people do with letters: join and part conversations, and ask for the raw file of one. */
export class LetterDesk0004 implements MigrationInterface {
  readonly name = 'LetterDesk1700000000004'

  async up(runner: QueryRunner): Promise<void> {
    // Where its messages stand now; it is resolved and stays so.
    await runner.query('alter table conversation add merged_into bigint references conversation')
    await runner.query('create index conversation_merged on conversation (merged_into) where merged_into is not null')
    // Only of events that have a raw file.
    await runner.query('alter table inbound_event add message_id bigint references message')
    await runner.query('create index inbound_event_message on inbound_event (message_id) where message_id is not null')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index inbound_event_message')
    await runner.query('alter table inbound_event drop message_id')
    await runner.query('alter table conversation drop merged_into')
  }
}
