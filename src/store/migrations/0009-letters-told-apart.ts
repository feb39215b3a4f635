import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Letters that nobody wrote, recipients that were refused alone; and a column that nobody ever wrote goes. */
export class LettersToldApart0009 implements MigrationInterface {
  readonly name = 'LettersToldApart1700000000009'

  async up(runner: QueryRunner): Promise<void> {
    // `automatic` only says that no program may answer it.
    await runner.query('alter table message add by_program boolean not null default false')
    // [{"recipient", "reason"}] of a letter that others got; null: nobody was refused alone.
    await runner.query('alter table delivery add refused jsonb')
    await runner.query('alter table conversation drop joined_by')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table conversation add joined_by text')
    await runner.query('alter table delivery drop refused')
    await runner.query('alter table message drop by_program')
  }
}
