import type pg from 'pg'
import { quoted, type SequenceState } from './backup-catalog.ts'

/**
 * Ids given away after the backup are known outside: in Message-IDs, in what platforms and subscribers keep, in addresses. None of
 * them may come to mean something else, a late bounce least of all. Numbers that people read go on where they were.
 */
const idsSkipped = 1_000_000
const readByPeople = ['conversation_number']

/** What must not live on as if no time had passed. Knows only what every migration from the first on has. */
export async function settleTheRestored(
  client: pg.Client,
  sequences: readonly SequenceState[],
  { nothingRanSince }: { readonly nothingRanSince: boolean },
): Promise<void> {
  for (const { name, lastValue, called } of sequences) {
    const next = BigInt(lastValue) + BigInt(readByPeople.includes(name) ? 0 : idsSkipped)
    await client.query('select setval($1, $2, $3)', [quoted(name), next.toString(), called])
  }
  // A reader that is ahead of us must not take what comes now for what it has seen.
  await client.query('update feed_head set position = position + $1', [idsSkipped])
  // Who was signed out since, or used the link since, must not get in by an old cookie or letter.
  await client.query(
    `delete from session; delete from sign_in_attempt; delete from one_time_link where purpose = 'reset'`,
  )
  await client.query(`update inbox set lease_owner = null, lease_until = null where lease_owner is not null`)
  if (!nothingRanSince) await doubtWhatWaited(client)
  // The reaper decides about what was on its way, as after any other death of a sender.
  await client.query(`update delivery set lease_until = now() where state = 'sending'`)
}

/** The original went on after the backup: it has probably sent what waits here. An agent is asked, or the platform where it can tell. */
async function doubtWhatWaited(client: pg.Client): Promise<void> {
  await client.query(`update delivery set state = 'held', held_reason = 'earlierPart'
    where state = 'pending' and operation = 'send' and exists (select from delivery earlier
      where earlier.message_id = delivery.message_id and earlier.operation = 'send' and earlier.part < delivery.part
        and earlier.state in ('pending', 'sending'))`)
  await client.query(`update delivery set state = 'uncertain', failure = 'uncertain', lease_until = null, due_at = now(),
      first_attempt_at = coalesce(first_attempt_at, now()),
      reason = 'This waited to be sent when the backup was taken that was restored here.'
    where state = 'pending' and operation in ('send', 'letter')`)
}
