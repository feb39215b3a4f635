import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Senders whose letters show their pictures without being asked. */
export class SenderPictures0010 implements MigrationInterface {
  readonly name = 'SenderPictures1700000000010'

  async up(runner: QueryRunner): Promise<void> {
    // null: each letter asks
    await runner.query('alter table identity add pictures_since timestamptz')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table identity drop pictures_since')
  }
}
