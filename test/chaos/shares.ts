import { rowsOf } from './database.ts'
import type { Stage } from './stage.ts'

/** Channel by channel, where several real ones take part in a campaign. */
export async function sharesOf({ inboxes, pool }: Stage): Promise<string> {
  if (!inboxes.some(({ site }) => site)) return ''
  const rows = await rowsOf<{ name: string; came: string; went: string; doubted: string }>(
    pool,
    `select i.name,
        (select count(*) from message m join conversation c on c.id = m.conversation_id
          where c.inbox_id = i.id and m.direction = 'in') as came,
        (select count(*) from delivery d where d.inbox_id = i.id) as went,
        (select count(distinct f.delivery_id) from feed f join delivery d on d.id = f.delivery_id
          where d.inbox_id = i.id and f.kind = 'delivery.updated' and f.data ->> 'state' = 'uncertain') as doubted
      from inbox i order by i.id`,
  )
  return rows.map(({ name, came, went, doubted }) => `; ${name} ${came} in, ${went} out, ${doubted} uncertain`).join('')
}
