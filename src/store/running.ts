import type pg from 'pg'

/** Whether another process of ours, commands apart, is connected to this database. */
export async function isRunning(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ running: boolean }>(
    `select exists (select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
       and (application_name = 'tributary' or application_name like 'tributary start %')) as running`,
  )
  return rows[0]?.running === true
}
