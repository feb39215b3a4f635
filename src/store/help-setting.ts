import { type HelpSettings, usualHelpSettings } from '../domain/help-settings.ts'
import type { Queryable } from './database.ts'

export async function readHelpSettings(q: Queryable): Promise<HelpSettings> {
  const { rows } = await q.query(`select value, logo_id as "logoId" from help_setting where id`)
  const { value, logoId } = rows[0] ?? { value: {}, logoId: null }
  return { ...usualHelpSettings, ...value, logoId }
}

export async function writeHelpSettings(q: Queryable, { logoId, ...value }: HelpSettings): Promise<void> {
  await q.query(
    `insert into help_setting (value, logo_id) values ($1, $2)
     on conflict (id) do update set value = excluded.value, logo_id = excluded.logo_id`,
    [JSON.stringify(value), logoId],
  )
}
