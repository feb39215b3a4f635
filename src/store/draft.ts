import type { Queryable } from './database.ts'

/** What was chosen for a letter so far. */
export interface DraftLetter {
  readonly to?: { readonly name?: string | undefined; readonly address: string }[] | undefined
  readonly cc?: DraftLetter['to']
  readonly bcc?: DraftLetter['to']
  readonly subject?: string | undefined
}

export interface DraftRow {
  readonly kind: 'reply' | 'note'
  readonly text: string
  readonly attachments: string[]
  readonly replyTo: string | null
  readonly basedOn: number | null
  readonly letter: DraftLetter | null
  readonly rev: number
  readonly updatedAt: Date
}

const columns = `kind, text, attachments, reply_to as "replyTo", based_on as "basedOn",
  recipients as letter, rev, updated_at as "updatedAt"`
type Raw = Omit<DraftRow, 'basedOn' | 'rev'> & { basedOn: string | null; rev: string }
const parse = (row: Raw): DraftRow => ({
  ...row,
  rev: Number(row.rev),
  basedOn: row.basedOn === null ? null : Number(row.basedOn),
})

export interface DraftKey {
  readonly conversationId: string
  readonly agentId: string
}

export async function findDraft(q: Queryable, key: DraftKey): Promise<DraftRow | null> {
  const { rows } = await q.query(`select ${columns} from draft where conversation_id = $1 and agent_id = $2`, [
    key.conversationId,
    key.agentId,
  ])
  return rows[0] ? parse(rows[0]) : null
}

export type DraftInput = Omit<DraftRow, 'updatedAt'>

/**
 * null: the stored draft is not the one this was made from. A save that arrives after the reply was sent finds no row
 * and must not bring the draft back, so only rev 0 inserts.
 */
export async function saveDraft(q: Queryable, key: DraftKey, draft: DraftInput): Promise<DraftRow | null> {
  const values = [
    key.conversationId,
    key.agentId,
    draft.kind,
    draft.text,
    draft.attachments,
    draft.replyTo,
    draft.basedOn,
    draft.letter && JSON.stringify(draft.letter),
  ]
  const { rows } =
    draft.rev === 0
      ? await q.query(
          `insert into draft (conversation_id, agent_id, kind, text, attachments, reply_to, based_on, recipients)
           values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning ${columns}`,
          values,
        )
      : await q.query(
          `update draft set kind = $3, text = $4, attachments = $5, reply_to = $6, based_on = $7, recipients = $8,
             rev = rev + 1, updated_at = now() where conversation_id = $1 and agent_id = $2 and rev = $9 returning ${columns}`,
          [...values, draft.rev],
        )
  return rows[0] ? parse(rows[0]) : null
}

export async function deleteDraft(q: Queryable, key: DraftKey): Promise<void> {
  await q.query(`delete from draft where conversation_id = $1 and agent_id = $2`, [key.conversationId, key.agentId])
}
