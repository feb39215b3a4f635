import type { MigrationInterface, QueryRunner } from 'typeorm'

/** How much was sent lately, where a platform allows only so much. */
export class SendBudgets0015 implements MigrationInterface {
  readonly name = 'SendBudgets1700000000015'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create index delivery_sent on delivery (inbox_id, settled_at)
      where operation = 'send' and state in ('sent', 'delivered', 'read')`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index delivery_sent')
  }
}
