import { type Database, type Queryable, transaction } from './database.ts'
import { noPayload } from './erase-messages.ts'

export interface LetterSpan {
  /** In lower case. */
  readonly addresses: readonly string[]
  /** A message's id, exclusive. */
  readonly after: string
}

const spanMessages = 5_000

/**
 * Letters of others stay, without the address of who is erased, and what we sent to others quotes them no more. A stretch of all
 * messages at a time, because no index leads from an address to these. Answers where it ended; null: that was all.
 */
export function eraseFromLetters(db: Database, { addresses, after }: LetterSpan): Promise<string | null> {
  if (addresses.length === 0) return Promise.resolve(null)
  return transaction(db, async (tx) => {
    const { rows } = await tx.query(
      `select max(id) as last from (select id from message where id > $1 order by id limit ${spanMessages}) s`,
      [after],
    )
    const { last } = rows[0] as { last: string | null }
    if (last !== null) await scrub(tx, { addresses, after, last })
    return last
  })
}

async function scrub(tx: Queryable, { addresses, after, last }: LetterSpan & { readonly last: string }): Promise<void> {
  const { rows } = await tx.query(
    `select id, letter from message where id > $1 and id <= $2 and letter is not null and ${names('letter::text', '$3')}`,
    [after, last, addresses],
  )
  const changed = (rows as { id: string; letter: unknown }[]).map(({ id, letter }) => ({
    id,
    rest: JSON.stringify(without(letter, new Set(addresses))),
  }))
  await tx.query(
    `update message m set letter = w.letter from unnest($1::bigint[], $2::jsonb[]) w(id, letter) where m.id = w.id`,
    [changed.map(({ id }) => id), changed.map(({ rest }) => rest)],
  )
  await tx.query(
    `update delivery d set payload = '${noPayload}', refused = null, reason = null
      from message m where m.id > $1 and m.id <= $2 and m.letter is not null and d.message_id = m.id
        and d.state in ('sent', 'delivered', 'read', 'cancelled')
        and ${names(`d.payload::text || coalesce(d.refused::text, '') || coalesce(d.reason, '')`, '$3')}`,
    [after, last, addresses],
  )
}

function names(text: string, addresses: string): string {
  return `exists (select from unnest(${addresses}::text[]) a where position(a in lower(${text})) > 0)`
}

/** The same without entries of these addresses, in whichever list of addresses. */
function without(value: unknown, addresses: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    return value.filter((one) => !isTheirs(one, addresses)).map((one) => without(one, addresses))
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, without(inner, addresses)]))
}

function isTheirs(value: unknown, addresses: ReadonlySet<string>): boolean {
  const address = (value as { address?: unknown } | null)?.address
  return typeof address === 'string' && addresses.has(address.toLowerCase())
}
