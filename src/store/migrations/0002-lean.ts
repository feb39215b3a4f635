import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What every message pays for: stamping as one call with kept plans, only indexes that are asked, routing only where it is asked. */
export class Lean0002 implements MigrationInterface {
  readonly name = 'Lean1700000000002'

  async up(runner: QueryRunner): Promise<void> {
    // The second statement's snapshot is taken after the first one's lock.
    await runner.query(`create function stamp_feed(at_most int) returns int language plpgsql as $$
      declare
        head bigint;
        stamped int;
      begin
        select position into head from feed_head for update;
        with todo as (
          select place, row_number() over (order by id) as ordinal from
            (select ctid as place, id from feed where position is null order by id limit at_most) unstamped
        )
        update feed f set position = head + t.ordinal from todo t where f.ctid = t.place;
        get diagnostics stamped = row_count;
        if stamped > 0 then
          update feed_head set position = head + stamped;
          perform pg_notify('feed_position', (head + stamped)::text);
        end if;
        return stamped;
      end $$`)
    await runner.query('alter table conversation add routed_at timestamptz')
    // Lists go by assignee, tag, team or inbox.
    await runner.query('drop index conversation_all')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function stamp_feed')
    await runner.query('alter table conversation drop routed_at')
    await runner.query('create index conversation_all on conversation (status, last_activity_at desc, id desc)')
  }
}
