import { reply } from '../delivery/reply.ts'
import { KeptSilent, ReplyRejected } from '../delivery/reply-input.ts'
import { filledIn } from '../domain/macro-text.ts'
import { macroSaying } from '../store/macro-saying.ts'
import type { AnswerContext } from './answer-asked.ts'

/** Says a macro's words to a customer for a rule; asked twice it is said once. Whether it may is decided where all is (0020). */
export async function sayMacro(
  ctx: AnswerContext,
  wish: { readonly ruleId: string; readonly macroId: string; readonly messageId: string },
): Promise<void> {
  const saying = await macroSaying(ctx.db.pool, wish)
  if (!saying) return
  const { conversationId, contactName, number } = saying
  const at = { rule: wish.ruleId, conversation: conversationId, message: wish.messageId }
  try {
    await reply(ctx, {
      conversationId,
      author: { type: 'system', priority: 'notice' },
      kind: 'reply',
      text: filledIn(saying.text, { 'contact.name': contactName, 'conversation.number': `#${number}` }),
      attachmentFileIds: [],
      clientId: `rule-${wish.ruleId}-${wish.messageId}-${wish.macroId}`,
      answers: { messageId: wish.messageId, kind: 'rule' },
    })
  } catch (error) {
    if (error instanceof KeptSilent) ctx.log.info({ event: 'rule.silent', why: error.why, ...at }, 'Not answered.')
    else if (error instanceof ReplyRejected)
      ctx.log.warn({ event: 'rule.refused', why: error.code, ...at }, 'The words of a rule cannot be sent.')
    else throw error
  }
}
