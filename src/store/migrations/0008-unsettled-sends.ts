import type { MigrationInterface, QueryRunner } from 'typeorm'

/** How many sends of a conversation failed or were never confirmed, until somebody settled them: for lists and filters. */
export class UnsettledSends0008 implements MigrationInterface {
  readonly name = 'UnsettledSends1700000000008'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table conversation add failed_sends int not null default 0,
      add unconfirmed_sends int not null default 0`)
    // What somebody chose to leave as it is troubles nobody any more.
    await runner.query(`create function delivery_trouble(d delivery) returns text language sql immutable as $$
      select case when d.operation in ('send', 'letter') and d.held_reason is distinct from 'left'
        and d.state in ('failed', 'uncertain') then d.state end $$`)
    await runner.query(`create function delivery_trouble_counted() returns trigger language plpgsql as $$
      declare
        before text := delivery_trouble(old);
        after text := delivery_trouble(new);
      begin
        if before is not distinct from after and old.conversation_id = new.conversation_id then return null; end if;
        if before is not null then
          update conversation set failed_sends = failed_sends - (before = 'failed')::int,
            unconfirmed_sends = unconfirmed_sends - (before = 'uncertain')::int where id = old.conversation_id;
        end if;
        if after is not null then
          update conversation set failed_sends = failed_sends + (after = 'failed')::int,
            unconfirmed_sends = unconfirmed_sends + (after = 'uncertain')::int where id = new.conversation_id;
        end if;
        return null;
      end $$`)
    // Whoever changes a delivery, in whichever statement: no path can forget it. The common path pays for one comparison.
    await runner.query(`create trigger delivery_trouble_counted after update on delivery for each row
      when (old.state in ('failed', 'uncertain') or new.state in ('failed', 'uncertain'))
      execute function delivery_trouble_counted()`)
    await runner.query(`update conversation c set failed_sends = n.failed, unconfirmed_sends = n.unconfirmed
      from (select conversation_id, count(*) filter (where delivery_trouble(d) = 'failed') as failed,
          count(*) filter (where delivery_trouble(d) = 'uncertain') as unconfirmed
        from delivery d where state in ('failed', 'uncertain') group by 1) n where n.conversation_id = c.id`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger delivery_trouble_counted on delivery')
    await runner.query('drop function delivery_trouble_counted')
    await runner.query('drop function delivery_trouble')
    await runner.query('alter table conversation drop failed_sends, drop unconfirmed_sends')
  }
}
