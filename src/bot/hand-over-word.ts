import { reply } from '../delivery/reply.ts'
import { KeptSilent, ReplyRejected } from '../delivery/reply-input.ts'
import { automaticWords } from '../domain/automatic-words.ts'
import { botWords, handOverWords } from '../domain/bot-words.ts'
import { handedOver } from '../store/bot-case.ts'
import type { Queryable } from '../store/database.ts'
import type { BotContext } from './answer.ts'
import { spokenTo } from './consider.ts'
import { firstQuestion } from './form-begin.ts'

/** One sentence for the customer: people have it now. Nothing where one of them spoke already. */
export async function sayHandedOver(ctx: Omit<BotContext, 'knowledge'>, messageId: string): Promise<void> {
  const asked = await handedOver(ctx.db.pool, messageId)
  if (!asked) return
  const language = spokenTo(asked)
  const parts = [handOverWords(asked.reason, language)]
  // Its first word: who speaks here is no person either.
  if (asked.isFirstTurn && asked.reason !== 'selfHarm') parts.unshift(botWords(language).iAmBot)
  if (asked.isFirstWord && asked.privacyUrl !== null)
    parts.push(`${automaticWords(language).privacy} ${asked.privacyUrl}`)
  // In need, nobody wants to read a number.
  const standing = asked.reason === 'selfHarm' ? undefined : await ctx.standing?.(messageId)
  const form = await firstQuestion(ctx, { ...asked, messageId, language })
  if (form) parts.push(form.text)
  try {
    const said = await reply(ctx, {
      conversationId: asked.conversationId,
      author: { type: 'bot', priority: 'bot' },
      kind: 'reply',
      text: [...parts, ...(standing?.lines ?? [])].join('\n\n'),
      attachmentFileIds: [],
      clientId: `bot-${messageId}`,
      answers: { messageId, kind: 'bot' },
      turn: { outcome: 'handedOver' },
      when: async (tx: Queryable) => {
        await standing?.before(tx)
        return form === null || form.begin(tx)
      },
      ...(form?.choices && { choices: form.choices }),
    })
    await standing?.after(said.messageId)
  } catch (error) {
    if (!(error instanceof KeptSilent) && !(error instanceof ReplyRejected)) throw error
    const why = error instanceof KeptSilent ? error.why : error.code
    const at = { inbox: asked.inboxId, conversation: asked.conversationId, message: messageId }
    ctx.log.info({ event: 'bot.silent', why, ...at }, 'The customer is not told.')
  }
}
