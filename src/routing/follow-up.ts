import type { Logger } from 'pino'
import { reply } from '../delivery/reply.ts'
import { KeptSilent, type ReplyContext, ReplyRejected } from '../delivery/reply-input.ts'
import { automaticLanguage, automaticWords } from '../domain/automatic-words.ts'
import { reminderText } from '../domain/reminder-words.ts'
import { askedMessage } from '../store/automation.ts'
import { type DueReminder, dueReminders, dueResolutions, noteReminder, postponeReminder } from '../store/follow-up.ts'
import { resolveSilent } from '../store/silent-resolution.ts'

const hourMs = 3_600_000
/** A case in which something changed just now is looked at by whoever keeps promises before it comes again. */
const againMs = 60_000
const atOnce = 50

export interface FollowUpContext extends ReplyContext {
  readonly log: Logger
}

/** Customers who have been silent for long are reminded once after each word of ours, and what was announced to them is done. */
export async function followUp(ctx: FollowUpContext): Promise<void> {
  const { db, clock, log } = ctx
  for (const due of await dueReminders(db.pool, clock(), atOnce)) {
    await remind(ctx, due).catch((err: unknown) => {
      log.warn({ event: 'reminder.failed', err, conversation: due.conversationId }, 'A reminder could not be written.')
      return postponeReminder(db.pool, due, new Date(clock().getTime() + againMs))
    })
  }
  for (const id of await dueResolutions(db.pool, clock(), atOnce)) {
    const outcome = await resolveSilent(db, id, clock())
    if (outcome === 'resolved') log.info({ event: 'case.silent', conversation: id }, 'Resolved after a silence.')
  }
}

async function remind(ctx: FollowUpContext, due: DueReminder): Promise<void> {
  const { db, clock, log } = ctx
  const { conversationId, wordId, askedBy } = due
  if (askedBy === null) return noteReminder(db.pool, due, null)
  try {
    const { messageId } = await reply(ctx, {
      conversationId,
      author: { type: 'system', priority: 'notice' },
      kind: 'reply',
      text: await textOf(ctx, askedBy, due),
      attachmentFileIds: [],
      clientId: `reminder-${wordId}`,
      follows: { askedBy, wordId },
    })
    const hours = due.resolveAfterHours
    const resolveAt = hours === null ? null : new Date(clock().getTime() + hours * hourMs)
    await noteReminder(db.pool, due, { noticeId: messageId, resolveAt })
  } catch (error) {
    if (error instanceof KeptSilent && error.why === 'overtaken') {
      return postponeReminder(db.pool, due, new Date(clock().getTime() + againMs))
    }
    if (!(error instanceof KeptSilent) && !(error instanceof ReplyRejected)) throw error
    // Where nothing may be said nothing is announced, so nothing is resolved by itself either.
    await noteReminder(db.pool, due, null)
    const why = error instanceof KeptSilent ? error.why : error.code
    log.info({ event: 'reminder.silent', why, conversation: conversationId }, 'Nobody is reminded here.')
  }
}

/** The first automatic message to somebody says what becomes of their data. */
async function textOf({ db }: FollowUpContext, askedBy: string, due: DueReminder): Promise<string> {
  const language = automaticLanguage(due.language)
  const text = reminderText(language, due.resolveAfterHours)
  const asked = await askedMessage(db.pool, askedBy)
  if (!asked?.isFirst || asked.privacyUrl === null) return text
  return `${text}\n\n${automaticWords(language).privacy} ${asked.privacyUrl}`
}
