import type { OutboundAllow } from '../security/outbound-address.ts'
import { webhookFetch } from '../security/outbound-fetch.ts'
import { learnFromAnswers } from '../store/bot-suggestion.ts'
import { answerTurn, type BotContext } from './answer.ts'
import { createEndpoint, type EndpointSettings } from './endpoint.ts'
import { askOn } from './form-steps.ts'
import { sayHandedOver } from './hand-over-word.ts'
import { createKnowledge, type KnowledgeContext } from './knowledge.ts'
import { sweepLate } from './sweep.ts'

type WorkContext = Omit<BotContext, 'knowledge' | 'draft'> &
  KnowledgeContext & { readonly endpoint?: EndpointSettings; readonly outboundAllow: OutboundAllow }

interface BotJob {
  readonly payload: Readonly<Record<string, unknown>>
}

/** The bot's share of what one process does: its jobs, what it does again and again, and its end. */
export function botWork(ctx: WorkContext) {
  const knowledge = createKnowledge(ctx)
  const fetch = webhookFetch(ctx.outboundAllow)
  const elapsed = () => performance.now()
  const draft = ctx.endpoint && createEndpoint({ ...ctx.endpoint, fetch, log: ctx.log, elapsed })
  const bot: BotContext = { ...ctx, knowledge, ...(draft && { draft }) }
  return {
    knowledge,
    jobs: {
      'bot-answer': {
        run: ({ payload }: BotJob, signal: AbortSignal) => answerTurn(bot, String(payload['messageId']), signal),
      },
      'bot-handed-over': { run: ({ payload }: BotJob) => sayHandedOver(bot, String(payload['messageId'])) },
    },
    tasks: [
      { name: 'bot-late', everyMs: 1_000, run: () => sweepLate(bot) },
      { name: 'forms', everyMs: 500, run: () => askOn(bot) },
      { name: 'bot-learn', everyMs: 60_000, run: () => learnFromAnswers(ctx.db.pool) },
      { name: 'bot-knowledge', everyMs: 2_000, run: () => knowledge.refresh() },
    ],
    stop: () => knowledge.close(),
  }
}
