import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Letters that nobody wrote, recipients that were refused alone; events that were dismissed; a column that nobody ever wrote goes. */
export class LettersToldApart0009 implements MigrationInterface {
  readonly name = 'LettersToldApart1700000000009'

  async up(runner: QueryRunner): Promise<void> {
    // `automatic` only says that no program may answer it.
    await runner.query('alter table message add by_program boolean not null default false')
    // [{"recipient", "reason"}] of a letter that others got; null: nobody was refused alone.
    await runner.query('alter table delivery add refused jsonb')
    await runner.query('alter table conversation drop joined_by')
    // It has only rows of the states before: nothing to be read through for.
    await runner.query(`alter table inbound_event drop constraint inbound_event_state_check, add constraint inbound_event_state_check
      check (state in ('applied', 'parked', 'quarantined', 'dismissed')) not valid`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update inbound_event set state = 'applied' where state = 'dismissed'`)
    await runner.query(`alter table inbound_event drop constraint inbound_event_state_check, add constraint inbound_event_state_check
      check (state in ('applied', 'parked', 'quarantined')) not valid`)
    await runner.query('alter table conversation add joined_by text')
    await runner.query('alter table delivery drop refused')
    await runner.query('alter table message drop by_program')
  }
}
