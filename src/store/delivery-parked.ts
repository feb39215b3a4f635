import type { Queryable } from './database.ts'

/**
 * After a delivery left 'sending': echoes and receipts that came meanwhile had to wait to be understood. The thread's lock, which
 * the caller holds, orders them with us. An echo may turn out to be somebody else's, so every waiting one of the thread is looked
 * at again; the job 'apply-parked' does it, because only T1 knows how.
 */
export async function wakeParked(tx: Queryable, deliveryId: string): Promise<void> {
  await tx.query({
    name: 'delivery-wake-parked',
    text: `with waiting as (
        select e.id, d.thread_id from delivery d join thread t on t.id = d.thread_id
        join inbound_event e on e.inbox_id = d.inbox_id and e.thread_key = t.key and e.state = 'parked'
          and (e.kind = 'echo' or e.target = d.external_id or e.event->>'deliveryId' = d.id::text
            or e.target in (select external_id from album_item where delivery_id = d.id))
        where d.id = $1),
      asked as (
        insert into job (kind, lane, payload)
        select 'apply-parked', 'parked:' || thread_id, jsonb_build_object('eventRowId', id::text) from waiting order by id
        returning 1)
      select pg_notify('job', '') from asked limit 1`,
    values: [deliveryId],
  })
}
