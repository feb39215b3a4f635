import { forgetLearned } from './bot-suggestion.ts'
import { type Database, type Queryable, transaction } from './database.ts'
import { closeConversations } from './erase-conversations.ts'
import { enqueueJobs } from './job.ts'

/** What to look for after the accounts themselves say nothing any more. */
export interface ErasureAbout {
  readonly keys: readonly { readonly channel: string; readonly key: string }[]
  /** In lower case. */
  readonly addresses: readonly string[]
  readonly places: readonly { readonly inboxId: string; readonly key: string }[]
}

export interface Erasure {
  readonly about: ErasureAbout
  /** Taken from their rows, the bytes not yet removed. */
  readonly files: readonly string[]
  readonly ageMs: number
}

/** A thread in which the contact takes part; `own`: nobody else does but ours. */
export interface ErasedPlace {
  readonly threadId: string
  readonly own: boolean
}

interface OwnThread {
  readonly id: string
  readonly inboxId: string
  readonly key: string
  readonly continuedTo: string | null
  readonly erased: boolean
}

const nothing: ErasureAbout = { keys: [], addresses: [], places: [] }

/**
 * From this commit on they are a stranger, nameless, and nothing is sent to them; the rest is a job that ends even if every process
 * dies on the way. Asked twice it is done again, which changes nothing. False: there is no such contact.
 */
export function eraseContact(db: Database, contactId: string, askedBy: string): Promise<boolean> {
  return transaction(db, async (tx) => {
    if (!(await forget(tx, contactId, askedBy))) return false
    await enqueueJobs(tx, [{ kind: 'erase', lane: `erase:${contactId}`, payload: { contactId } }])
    return true
  })
}

/**
 * The first step, and again with every run of the job: a message that was being stored meanwhile may have brought something back.
 * Locks in the order of T1: threads, identities, contact, conversations. `askedBy` null: nobody asks, it only goes on.
 */
export async function forget(tx: Queryable, contactId: string, askedBy: string | null): Promise<boolean> {
  const threads = await lockOwnThreads(tx, contactId)
  const { rows: accounts } = await tx.query(
    `select id, channel, key, profile -> 'email' ->> 'address' as address from identity where contact_id = $1
      order by id for update`,
    [contactId],
  )
  const { rowCount } = await tx.query('select from contact where id = $1 for update', [contactId])
  if (rowCount === 0) return false
  const ids = threads.map((thread) => thread.id)
  await remember(tx, { contactId, askedBy }, await aboutOf(tx, accounts, threads))
  await forgetFaces(tx, contactId)
  await forgetAccounts(tx, contactId)
  await forgetMerges(tx, contactId)
  await forgetThreads(tx, contactId, ids)
  await closeConversations(tx, contactId, ids)
  await forgetLearned(tx, ids)
  return true
}

async function lockOwnThreads(tx: Queryable, contactId: string): Promise<OwnThread[]> {
  const { rows } = await tx.query(
    `select t.id, t.inbox_id as "inboxId", t.key, t.continued_to as "continuedTo", t.erased_at is not null as erased from thread t
      where t.id in (select p.thread_id from identity n join participant p on p.identity_id = n.id
        where n.contact_id = $1 and not ${shared('p.thread_id')})
      order by t.key collate "C", t.id for update`,
    [contactId],
  )
  return rows as OwnThread[]
}

/** Somebody else takes part, other than our own people. */
function shared(threadId: string): string {
  return `exists (select from participant q join identity o on o.id = q.identity_id
    where q.thread_id = ${threadId} and o.contact_id <> $1 and o.agent_id is null)`
}

export async function erasedPlaces(q: Queryable, contactId: string): Promise<ErasedPlace[]> {
  const { rows } = await q.query(
    `select distinct p.thread_id as "threadId", not ${shared('p.thread_id')} as own
      from identity n join participant p on p.identity_id = n.id where n.contact_id = $1 order by 1`,
    [contactId],
  )
  return rows as ErasedPlace[]
}

type Account = { channel: string; key: string; address: string | null }

async function aboutOf(
  tx: Queryable,
  accounts: readonly Account[],
  threads: readonly OwnThread[],
): Promise<ErasureAbout> {
  const { rows } = await tx.query(
    `select unnest(array[address, pending]) as address from visitor_address where thread_id = any($1::bigint[])`,
    [threads.map((thread) => thread.id)],
  )
  const keys = accounts.filter(({ key }) => !key.startsWith('erased:')).map(({ channel, key }) => ({ channel, key }))
  const given = [...rows, ...accounts].map((row: { address: string | null }) => row.address)
  const addresses = [...given, ...threads.map((thread) => thread.continuedTo), ...keys.map(({ key }) => key)]
  return {
    keys,
    addresses: addresses.flatMap((address) => (address?.includes('@') ? [address.toLowerCase()] : [])),
    places: threads.filter((thread) => !thread.erased).map(({ inboxId, key }) => ({ inboxId, key })),
  }
}

async function remember(
  tx: Queryable,
  { contactId, askedBy }: { readonly contactId: string; readonly askedBy: string | null },
  more: ErasureAbout,
): Promise<void> {
  const { rows } = await tx.query('select about from erasure where contact_id = $1 for update', [contactId])
  const known = { ...nothing, ...(rows[0] as { about: Partial<ErasureAbout> } | undefined)?.about }
  const about: ErasureAbout = {
    keys: [...known.keys, ...more.keys],
    addresses: [...new Set([...known.addresses, ...more.addresses])],
    places: [...known.places, ...more.places],
  }
  await tx.query(
    `insert into erasure as e (contact_id, asked_by, about) values ($1, coalesce($2, 'system'), $3)
      on conflict (contact_id) do update set about = excluded.about, done_at = null, asked_by = coalesce($2, e.asked_by),
        asked_at = case when $2 is null then e.asked_at else now() end`,
    [contactId, askedBy, JSON.stringify(about)],
  )
  await tx.query(
    `delete from visitor v using inbox i, unnest($1::text[], $2::text[]) k(channel, key)
      where i.id = v.inbox_id and i.channel = k.channel and v.identity_key = k.key`,
    [about.keys.map(({ channel }) => channel), about.keys.map(({ key }) => key)],
  )
}

/** With a key that no platform knows, so that whoever writes from there again is somebody new. */
async function forgetAccounts(tx: Queryable, contactId: string): Promise<void> {
  await tx.query(
    `update identity set key = case when key like 'erased:%' then key else 'erased:' || gen_random_uuid() end, name = '',
        profile = '{}', verified_by = null, pictures_since = null, automation_stopped_at = null, automation_stopped_by = null
        where contact_id = $1`,
    [contactId],
  )
}

async function forgetFaces(tx: Queryable, contactId: string): Promise<void> {
  const { rows } = await tx.query(
    `delete from identity_picture g using identity n where n.id = g.identity_id and n.contact_id = $1
      returning g.file_id as id`,
    [contactId],
  )
  await filesTaken(
    tx,
    contactId,
    rows.flatMap(({ id }: { id: string | null }) => id ?? []),
  )
}

/** Whoever went into this person goes with them; what they were merged by names addresses, and nobody can be taken out again. */
async function forgetMerges(tx: Queryable, contactId: string): Promise<void> {
  const { rows } = await tx.query(
    `with recursive whole as (select $1::bigint as id union select k.id from whole w join contact k on k.merged_into = w.id)
      update contact set name = '', language = null, attributes = '{}', erased_at = coalesce(erased_at, now())
        where id in (select id from whole) returning id`,
    [contactId],
  )
  const whole = [rows.map(({ id }: { id: string }) => id)]
  for (const [table, one, other] of [
    ['contact_merge', 'kept_id', 'merged_id'],
    ['contact_dismissal', 'contact_id', 'other_id'],
  ]) {
    await tx.query(`delete from ${table} where ${one} = any($1::bigint[])`, whole)
    await tx.query(`delete from ${table} where ${other} = any($1::bigint[])`, whole)
  }
  await tx.query('delete from link_code where contact_id = any($1::bigint[])', whole)
}

async function forgetThreads(tx: Queryable, contactId: string, threadIds: readonly string[]): Promise<void> {
  await tx.query(
    `update thread t set key = w.key, place = w.key, continued_to = null, erased_at = now()
      from (select id, 'erased:' || gen_random_uuid() as key from unnest($1::bigint[]) id) w
      where t.id = w.id and t.erased_at is null`,
    [threadIds],
  )
  await tx.query('delete from visitor_address where thread_id = any($1::bigint[])', [threadIds])
  const { rows: drafts } = await tx.query(
    `delete from draft d using conversation c where c.id = d.conversation_id and c.thread_id = any($1::bigint[])
      returning d.attachments`,
    [threadIds],
  )
  await filesTaken(
    tx,
    contactId,
    drafts.flatMap((row: { attachments: string[] }) => row.attachments),
  )
  await tx.query('delete from visitor_presence where thread_id = any($1::bigint[])', [threadIds])
  await tx.query(
    `update delivery set state = 'cancelled', failure = 'erased', reason = null, settled_at = now(), due_at = 'infinity'
      where thread_id = any($1::bigint[]) and state = 'pending'`,
    [threadIds],
  )
}

export async function findErasure(q: Queryable, contactId: string): Promise<Erasure | null> {
  const { rows } = await q.query(
    `select about, files, (extract(epoch from now() - asked_at) * 1000)::float8 as "ageMs" from erasure
      where contact_id = $1 and done_at is null`,
    [contactId],
  )
  const row = rows[0] as (Omit<Erasure, 'about'> & { about: Partial<ErasureAbout> }) | undefined
  return row ? { ...row, about: { ...nothing, ...row.about } } : null
}

export async function filesTaken(tx: Queryable, contactId: string, fileIds: readonly string[]): Promise<void> {
  if (fileIds.length === 0) return
  await tx.query('update erasure set files = files || $2::bigint[] where contact_id = $1', [contactId, fileIds])
}

export async function filesRemoved(q: Queryable, contactId: string, fileIds: readonly string[]): Promise<void> {
  await q.query(
    `update erasure set files = array(select unnest(files) except select unnest($2::bigint[])) where contact_id = $1`,
    [contactId, fileIds],
  )
}

/** False: something is on its way out at this very moment, and its row still holds what it says. */
export async function endErasure(q: Queryable, contactId: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `update erasure e set done_at = now(), about = '{}' where contact_id = $1 and files = '{}'
      and not exists (select from identity n join participant p on p.identity_id = n.id
        join delivery d on d.thread_id = p.thread_id and d.state = 'sending' join message m on m.id = d.message_id
        where n.contact_id = e.contact_id and m.deleted_by = 'erasure')`,
    [contactId],
  )
  return rowCount === 1
}
