import { type HelpSettings, usualHelpSettings } from '../domain/help-settings.ts'
import type { Queryable } from './database.ts'

export async function readHelpSettings(q: Queryable): Promise<HelpSettings> {
  const { rows } = await q.query(`select value, logo_id as "logoId" from help_setting where id`)
  const { value, logoId } = rows[0] ?? { value: {}, logoId: null }
  return { ...usualHelpSettings, ...value, logoId }
}

/** Where nobody has said where the contact form writes to. */
export async function nameContactInbox(q: Queryable, inboxId: string): Promise<void> {
  await q.query(
    `insert into help_setting as h (value) values (jsonb_build_object('contactInboxId', $1::text))
     on conflict (id) do update set value = h.value || excluded.value where h.value ->> 'contactInboxId' is null`,
    [inboxId],
  )
}

/** Of inboxes that go; settings that say nothing else go as well. */
export async function forgetContactInboxes(q: Queryable, inboxIds: readonly string[]): Promise<void> {
  const { rowCount } = await q.query(
    `update help_setting set value = value - 'contactInboxId' where value ->> 'contactInboxId' = any($1::text[])`,
    [inboxIds],
  )
  if (rowCount) await q.query(`delete from help_setting where value = '{}' and logo_id is null`)
}

export async function writeHelpSettings(q: Queryable, { logoId, ...value }: HelpSettings): Promise<void> {
  await q.query(
    `insert into help_setting (value, logo_id) values ($1, $2)
     on conflict (id) do update set value = excluded.value, logo_id = excluded.logo_id`,
    [JSON.stringify(value), logoId],
  )
}
