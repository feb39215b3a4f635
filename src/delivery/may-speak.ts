import { staysSilent } from '../domain/automatic.ts'
import { askedMessage } from '../store/automation.ts'
import { type BotSaying, maySayTurn } from '../store/bot-turn.ts'
import type { Queryable } from '../store/database.ts'
import { stillSilent } from '../store/follow-up.ts'
import { KeptSilent, type ReplyInput } from './reply-input.ts'

/** Under the thread's lock: whatever its people said until now counts. */
async function mayAnswer(tx: Queryable, answers: NonNullable<ReplyInput['answers']>, now: Date): Promise<void> {
  const asked = await askedMessage(tx, answers.messageId)
  if (!asked) throw new KeptSilent('gone')
  const silence = staysSilent({ ...asked, kind: answers.kind, now })
  if (silence !== null) throw new KeptSilent(silence)
}

/** A bot's answer that comes late, or to what is no more the last word, is dropped. */
async function mayTakeTurn(tx: Queryable, messageId: string, turn: BotSaying): Promise<void> {
  if (!(await maySayTurn(tx, messageId, turn))) throw new KeptSilent('overtaken')
}

/** Everything a program says passes one of these. */
export async function maySpeak(tx: Queryable, input: ReplyInput, now: Date): Promise<void> {
  const { answers, follows, tells, conversationId } = input
  if (answers) await mayAnswer(tx, answers, now)
  if (answers && input.turn) await mayTakeTurn(tx, answers.messageId, input.turn)
  if (follows) await mayFollow(tx, { ...follows, conversationId }, now)
  if (tells) await mayAnswer(tx, { messageId: tells.askedBy, kind: tells.kind }, now)
  if (input.when && !(await input.when(tx))) throw new KeptSilent('overtaken')
}

/** The same for what follows a silence, which must still last. */
async function mayFollow(
  tx: Queryable,
  follows: NonNullable<ReplyInput['follows']> & { readonly conversationId: string },
  now: Date,
): Promise<void> {
  await mayAnswer(tx, { messageId: follows.askedBy, kind: 'reminder' }, now)
  if (!(await stillSilent(tx, follows))) throw new KeptSilent('overtaken')
}
