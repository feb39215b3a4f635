import type { Queryable } from './database.ts'

/** The right to receive for one inbox. The epoch rises with every holder, so an older holder is recognised. */
export interface Lease {
  readonly inboxId: string
  readonly epoch: string
}
export interface AcquiredLease extends Lease {
  readonly settingsVersion: number
}

export const leaseMs = 6_000

// The database's clock only: two nodes' clocks may differ by more than a lease.
const untilSql = `now() + interval '${leaseMs} ms'`

export interface LeaseWish {
  /** Tells the processes of the installation apart. */
  readonly node: string
  /** The channels this process knows. */
  readonly channels: readonly string[]
  readonly limit: number
}

/**
 * Takes what nobody holds any more. "No key": every T1 of the inbox holds a key share on its row, and a busy inbox would
 * always look locked. An inbox whose credentials were refused waits for a person.
 */
export async function acquireLeases(q: Queryable, wish: LeaseWish): Promise<AcquiredLease[]> {
  const { rows } = await q.query({
    name: 'inbox-lease-acquire',
    text: `with free as (
        select id from inbox
         where deleted_at is null and enabled and health <> 'badCredentials' and channel = any($2)
           and (lease_until is null or lease_until < now())
         order by id limit $3 for no key update skip locked)
      update inbox set lease_owner = $1, lease_until = ${untilSql}, lease_epoch = lease_epoch + 1
        from free where inbox.id = free.id
      returning inbox.id as "inboxId", inbox.lease_epoch as epoch, inbox.settings_version as "settingsVersion"`,
    values: [wish.node, wish.channels, wish.limit],
  })
  return rows as AcquiredLease[]
}

/** What the holder needs to know while it holds; null: the lease is lost, or the inbox is to be left alone. */
export async function renewLease(q: Queryable, lease: Lease): Promise<{ settingsVersion: number } | null> {
  const { rows } = await q.query({
    name: 'inbox-lease-renew',
    text: `update inbox set lease_until = ${untilSql}
      where id = $1 and lease_epoch = $2 and lease_owner is not null and deleted_at is null and enabled
        and health <> 'badCredentials'
      returning settings_version as "settingsVersion"`,
    values: [lease.inboxId, lease.epoch],
  })
  return (rows[0] as { settingsVersion: number } | undefined) ?? null
}

/** Lets another process take over at once. When it was left stays readable: health tells whether somebody came. */
export async function releaseLease(q: Queryable, lease: Lease): Promise<void> {
  await q.query(
    `update inbox set lease_owner = null, lease_until = now() where id = $1 and lease_epoch = $2 and lease_owner is not null`,
    [lease.inboxId, lease.epoch],
  )
}

/** Where receiving resumes; null: the lease is lost. */
export async function leasedCursor(q: Queryable, lease: Lease): Promise<{ cursor: unknown } | null> {
  const { rows } = await q.query(`select cursor from inbox where id = $1 and lease_epoch = $2`, [
    lease.inboxId,
    lease.epoch,
  ])
  return (rows[0] as { cursor: unknown } | undefined) ?? null
}
