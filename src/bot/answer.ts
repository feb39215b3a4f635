import type { Logger } from 'pino'
import { within } from '../channel/deadline.ts'
import { reply } from '../delivery/reply.ts'
import { KeptSilent, type ReplyContext, ReplyRejected } from '../delivery/reply-input.ts'
import { automaticWords } from '../domain/automatic-words.ts'
import { botWords } from '../domain/bot-words.ts'
import { type BotCase, botCase } from '../store/bot-case.ts'
import { giveUpTurn } from '../store/bot-give-up.ts'
import { dropTurn, noteThanks } from '../store/bot-turn.ts'
import type { Standing } from '../store/case-standing.ts'
import { consider, type Plan, spokenTo } from './consider.ts'
import type { Draft } from './endpoint.ts'
import type { Knowledge } from './knowledge.ts'

export interface BotContext extends ReplyContext {
  readonly log: Logger
  readonly knowledge: Pick<Knowledge, 'current'>
  /** Absent: it does without. */
  readonly draft?: Draft
  /** What whoever is left to people is told of where they stand; absent: nothing. */
  readonly standing?: (messageId: string) => Promise<Standing>
}

/** Left for writing what was decided. */
const writeMs = 1_000

/**
 * Answers one message of a customer, or leaves the case to people. Done twice it is the same, and done too late it is nothing:
 * who decides is the transaction of the reply, under the lock that every hand-over takes.
 */
export async function answerTurn(ctx: BotContext, messageId: string, signal?: AbortSignal): Promise<void> {
  const asked = await botCase(ctx.db.pool, messageId)
  if (!asked) return
  if (await dropTurn(ctx.db.pool, messageId)) return
  const plan = await planFor(ctx, asked, signal)
  if (plan.do === 'nothing') return noteThanks(ctx.db.pool, messageId)
  if (plan.do === 'handOver') return giveUp(ctx, asked, plan.reason)
  await say(ctx, asked, plan)
}

async function planFor(ctx: BotContext, asked: BotCase, signal?: AbortSignal): Promise<Plan> {
  try {
    const late: Plan = { do: 'handOver', reason: 'late' }
    if (asked.leftMs <= writeMs) return late
    return await within(asked.leftMs - writeMs, signal, (deadline) => {
      const over = new Promise<Plan>((resolve) => {
        deadline.addEventListener('abort', () => resolve(late), { once: true })
      })
      // What a machine elsewhere does not say in half of the time is left unsaid: the other half is for doing without.
      const helped = ctx.draft && { draft: ctx.draft, signal: deadline, maxMs: asked.leftMs / 2 }
      return Promise.race([over, ctx.knowledge.current().then((known) => consider(asked, known, helped))])
    })
  } catch (err) {
    ctx.log.warn({ event: 'bot.failed', err, ...idsOf(asked) }, 'The bot could not answer.')
    return { do: 'handOver', reason: 'failed' }
  }
}

async function say(ctx: BotContext, asked: BotCase, plan: Extract<Plan, { do: 'say' }>): Promise<void> {
  const { messageId, conversationId } = asked
  try {
    await reply(ctx, {
      conversationId,
      author: { type: 'bot', priority: 'bot' },
      kind: 'reply',
      text: introduced(asked, plan.text),
      attachmentFileIds: [],
      clientId: `bot-${messageId}`,
      answers: { messageId, kind: 'bot' },
      turn: plan.turn,
      ...(plan.choices && { choices: plan.choices }),
    })
    ctx.log.info({ event: `bot.${plan.turn.outcome}`, ...idsOf(asked) }, 'The bot spoke.')
  } catch (error) {
    if (!(error instanceof KeptSilent) && !(error instanceof ReplyRejected)) throw error
    const why = error instanceof KeptSilent ? error.why : error.code
    ctx.log.info({ event: 'bot.silent', why, ...idsOf(asked) }, 'The bot does not say it.')
    if (!(await dropTurn(ctx.db.pool, messageId))) await giveUp(ctx, asked, 'failed')
  }
}

/** Nobody takes a program for a person, and the first automatic word says what becomes of their data. */
function introduced(asked: BotCase, text: string): string {
  const language = spokenTo(asked)
  const parts = asked.isFirstTurn ? [botWords(language).intro, text] : [text]
  if (asked.isFirstWord && asked.privacyUrl !== null) {
    parts.push(`${automaticWords(language).privacy} ${asked.privacyUrl}`)
  }
  return parts.join('\n\n')
}

async function giveUp({ db, log }: BotContext, asked: BotCase, reason: string): Promise<void> {
  if (await giveUpTurn(db, asked.messageId, reason)) {
    log.info({ event: 'bot.handedOver', why: reason, ...idsOf(asked) }, 'The bot left a case to people.')
  }
}

function idsOf({ inboxId, conversationId, messageId }: BotCase) {
  return { inbox: inboxId, conversation: conversationId, message: messageId }
}
