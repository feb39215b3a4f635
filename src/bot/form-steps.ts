import { type FormField, nextField, priorityOf, type TopicForm } from '../domain/form.ts'
import { type Read, readAnswer, withSkipped } from '../domain/form-reading.ts'
import { answerRows } from '../domain/form-taken.ts'
import { handOverReason } from '../domain/hand-over-words.ts'
import { isStopWord } from '../domain/stop-words.ts'
import { type Queryable, transaction } from '../store/database.ts'
import { lockThread } from '../store/delivery.ts'
import { formOfTopic } from '../store/form.ts'
import { saveAnswers } from '../store/form-answer.ts'
import { answersTo } from '../store/form-asking.ts'
import { type AskingNow, dueAskings, endAsking, lockAsking, noteSeen, noteStep } from '../store/form-steps.ts'
import type { BotContext } from './answer.ts'
import { patienceMs } from './form-begin.ts'
import { sayNext, saySorry } from './form-say.ts'

const atOnce = 50

/**
 * Goes on with everybody who is asked what a form asks: reads what they said, keeps it, says the next. What is kept is how far they
 * came, so that whoever comes after a restart goes on there.
 */
export async function askOn(ctx: BotContext): Promise<void> {
  for (const due of await dueAskings(ctx.db.pool, ctx.clock(), atOnce)) {
    await goOn(ctx, due).catch((err: unknown) => {
      ctx.log.warn({ event: 'form.failed', err, conversation: due.id }, 'A form could not be asked on.')
    })
  }
}

async function goOn(ctx: BotContext, { id, threadId }: { readonly id: string; readonly threadId: string }) {
  const next = await transaction(ctx.db, async (tx): Promise<Next> => {
    await lockThread(tx, threadId)
    const asking = await lockAsking(tx, id, ctx.clock())
    return asking ? step(tx, asking, ctx.clock()) : 'nothing'
  })
  if (next === 'say') await sayNext(ctx, id)
  if (typeof next === 'object') await saySorry(ctx, next)
}

type Next = 'say' | 'nothing' | { readonly conversationId: string; readonly messageId: string; readonly reason: string }

async function step(tx: Queryable, asking: AskingNow, now: Date): Promise<Next> {
  const { conversationId, words, said } = asking
  const end = async (why: string): Promise<'nothing'> => {
    await endAsking(tx, conversationId, why)
    return 'nothing'
  }
  await noteSeen(tx, conversationId, asking.lastSeq)
  const leaving = words.findLast(({ text }) => isStopWord(text) || wantsPeople(text) !== null)
  const texts = words.filter(({ text }) => !/^\/[a-z]+/i.test(text.trim())).map(({ text }) => text)
  const form = await formOfTopic(tx, asking.topicId)
  const field = form?.fields.find(({ key }) => key === asking.field) ?? null
  const reads =
    said && asking.state === 'asking' && form !== null && field !== null && texts.some((text) => text.trim() !== '')
  if (leaving) {
    const reason = wantsPeople(leaving.text)
    await end(reason ?? 'stop')
    // Commands are answered by whoever reads commands.
    const told = reason === null || leaving.text.startsWith('/') || asking.over !== null
    return told ? 'nothing' : { conversationId, messageId: leaving.id, reason }
  }
  // What was said before a person spoke is an answer all the same.
  if (reads) await keep(tx, { asking, form, field, texts, now })
  if (asking.over !== null) return end(asking.over)
  if (asking.silent && words.length === 0) return end('silent')
  if (!form?.shown && !asking.byCustomer) return end('gone')
  return said && !reads ? 'nothing' : 'say'
}

/** Whom a program would only annoy, or must not keep. Of fraud or theft an answer may well tell. */
function wantsPeople(text: string): string | null {
  const reason = handOverReason(text.replace(/^\/human\b.*/is, 'human'))
  return reason === 'human' || reason === 'anger' || reason === 'selfHarm' ? reason : null
}

interface Reading {
  readonly asking: AskingNow
  readonly form: TopicForm
  readonly field: FormField
  readonly texts: readonly string[]
  readonly now: Date
}

async function keep(tx: Queryable, { asking, form, field, texts, now }: Reading): Promise<void> {
  const { conversationId, language, tries } = asking
  const read = readAnswer(field, texts, tries)
  const before = withSkipped(await answersTo(tx, conversationId, form.topicId), asking.skipped)
  const after = read.kind === 'answer' ? { ...before, [field.key]: read.value } : before
  if (read.kind === 'answer') {
    const rows = answerRows(form, { [field.key]: read.value }, { locale: language, fallback: 'en' })
    await saveAnswers(tx, conversationId, { topicId: form.topicId, priority: priorityOf(form, after) }, rows)
  }
  const skipped = read.kind === 'skip' ? [...asking.skipped, field.key] : asking.skipped
  const next = read.kind === 'problem' ? field : nextField(form, withSkipped(after, skipped))
  await noteStep(tx, conversationId, {
    field: next?.key ?? null,
    ...whatFailed(read, tries),
    skipped,
    askedBy: asking.words.at(-1)?.id ?? asking.askedBy,
    deadline: new Date(now.getTime() + patienceMs),
  })
}

function whatFailed(read: Read, tries: number) {
  return read.kind === 'problem' ? { problem: read.problem, tries: tries + 1 } : { problem: null, tries: 0 }
}
