import { staysSilent } from '../domain/automatic.ts'
import { askedMessage } from '../store/automation.ts'
import type { Queryable } from '../store/database.ts'
import { stillSilent } from '../store/follow-up.ts'
import { KeptSilent, type ReplyInput } from './reply-input.ts'

/** Under the thread's lock: whatever its people said until now counts. */
export async function mayAnswer(tx: Queryable, answers: NonNullable<ReplyInput['answers']>, now: Date): Promise<void> {
  const asked = await askedMessage(tx, answers.messageId)
  if (!asked) throw new KeptSilent('gone')
  const silence = staysSilent({ ...asked, kind: answers.kind, now })
  if (silence !== null) throw new KeptSilent(silence)
}

/** The same for what follows a silence, which must still last. */
export async function mayFollow(
  tx: Queryable,
  follows: NonNullable<ReplyInput['follows']> & { readonly conversationId: string },
  now: Date,
): Promise<void> {
  await mayAnswer(tx, { messageId: follows.askedBy, kind: 'reminder' }, now)
  if (!(await stillSilent(tx, follows))) throw new KeptSilent('overtaken')
}
