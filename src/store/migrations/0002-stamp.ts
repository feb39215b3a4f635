import type { MigrationInterface, QueryRunner } from 'typeorm'

/** Stamping as one call with kept plans; the second statement's snapshot is taken after the first one's lock. */
export class Stamp0002 implements MigrationInterface {
  readonly name = 'Stamp1700000000002'

  async up(runner: QueryRunner): Promise<void> {
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function stamp_feed')
  }
}
