import type { FilledForm } from '../channel/contract.ts'
import { priorityOf } from '../domain/form.ts'
import { answerRows, takeAnswers } from '../domain/form-taken.ts'
import type { Queryable } from '../store/database.ts'
import { formOfTopic } from '../store/form.ts'
import { saveAnswers } from '../store/form-answer.ts'
import { readHelpSettings } from '../store/help-setting.ts'

/**
 * With the message it came with, so that rules find both. What cannot be an answer is left out: whoever filled it in was told so
 * where they did, and a message is never refused for it.
 */
export async function keepForm(
  tx: Queryable,
  { conversationId, form: filled }: { readonly conversationId: string; readonly form: FilledForm },
): Promise<void> {
  const { topicId, language } = filled
  const form = /^\d{1,18}$/.test(topicId) ? await formOfTopic(tx, topicId) : null
  if (!form) return
  const { defaultLocale } = await readHelpSettings(tx)
  const { answers } = takeAnswers(form, filled.answers)
  const rows = answerRows(form, answers, { locale: language ?? defaultLocale, fallback: defaultLocale })
  await saveAnswers(tx, conversationId, { topicId, priority: priorityOf(form, answers) }, rows)
}
