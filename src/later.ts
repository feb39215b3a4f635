import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { EndpointSettings } from './bot/endpoint.ts'
import { botWork } from './bot/work.ts'
import type { Connections } from './channel/contract.ts'
import { sendAlarmNotice, sendErasureNotice } from './delivery/alarm-notice.ts'
import { continueByLetter } from './delivery/continue-by-letter.ts'
import type { Asked } from './domain/asked.ts'
import { usualPatience } from './domain/continuation.ts'
import type { Sealer } from './domain/sealer.ts'
import type { Files } from './files/files.ts'
import { applyStored } from './ingest/apply-stored.ts'
import { sweepEchoes } from './ingest/sweep-echoes.ts'
import { afterSent } from './jobs/after-sent.ts'
import { eraseContactJob } from './jobs/erase-contact.ts'
import { fetchAttachment } from './jobs/fetch-attachment.ts'
import { fetchPicture } from './jobs/fetch-picture.ts'
import { type JobHandlers, NotYet } from './jobs/handler.ts'
import { inboxAlarms } from './jobs/inbox-alarms.ts'
import { recalculateEverything, startPromises } from './jobs/keep-promises.ts'
import { idIn } from './jobs/payload.ts'
import { recurringTasks, startRecurring } from './jobs/recurring.ts'
import { startWebhooks } from './jobs/webhooks.ts'
import { startJobWorker } from './jobs/worker.ts'
import { startSequencer } from './realtime/sequencer.ts'
import { answerAsked } from './routing/answer-asked.ts'
import type { RuleContext } from './routing/apply-rules.ts'
import { startQueues } from './routing/drain.ts'
import { escalateBroken } from './routing/escalate-broken.ts'
import { followUp } from './routing/follow-up.ts'
import { startNotices } from './routing/notices.ts'
import { route, routeRequest } from './routing/route.ts'
import { createRules } from './routing/rule-book.ts'
import { purgeOldRuns, ruleJobs, ruleSweep } from './routing/rule-work.ts'
import { standingAfter } from './routing/standing.ts'
import { tellPlaces } from './routing/tell-places.ts'
import { watchQueues } from './routing/watch-queues.ts'
import type { OutboundAllow } from './security/outbound-address.ts'
import { webhookFetch } from './security/outbound-fetch.ts'
import { mergeByCode } from './store/contact-merge.ts'
import type { Database } from './store/database.ts'

export interface LaterContext {
  readonly db: Database
  readonly files: Files
  readonly connections: Connections
  readonly sealer: Sealer
  readonly registry: Registry
  readonly clock: () => Date
  /** Without a slash at the end. */
  readonly publicUrl: string
  /** The same where somebody said so: an address of our own making leads customers nowhere. */
  readonly customerUrl: string | null
  readonly outboundAllow: OutboundAllow
  /** Writes drafts for the bot; absent: it does without. */
  readonly endpoint?: EndpointSettings
  readonly log: Logger
}

/** Everything that happens after the fact, in the order in which it must end: what makes feed rows before what reads them. */
export function startLater(ctx: LaterContext): { stop(): Promise<void> } {
  const { db, log } = ctx
  const echoes = { name: 'sweep-echoes', everyMs: 5_000, run: async () => void (await sweepEchoes(db, ctx.clock())) }
  const alarms = inboxAlarms({ ...ctx, sendNotice: (alarm) => sendAlarmNotice(ctx, alarm) })
  const reminders = { name: 'follow-up', everyMs: 1_000, run: () => followUp(ctx) }
  const rules: RuleContext = {
    rules: createRules(),
    clock: ctx.clock,
    // The database's own text may quote what a customer wrote: its code says enough.
    onFailure: (error) => {
      const { code, name } = error as { code?: unknown; name?: unknown }
      log.error(
        { event: 'rules.failed', reason: code ?? name },
        'Rules could not be asked; the case goes on without them.',
      )
    },
  }
  const bot = botWork({ ...ctx, standing: (messageId) => standingAfter(ctx, messageId) })
  const jobs = startJobWorker(ctx, { ...handlers(ctx, rules), ...bot.jobs })
  const places = { name: 'places', everyMs: 5_000, run: () => tellPlaces(ctx) }
  const timed = [reminders, places, ruleSweep(db, rules), purgeOldRuns(db)]
  const recurring = startRecurring([...recurringTasks(ctx), echoes, alarms, ...timed, ...bot.tasks], log)
  const queues = startQueues(ctx, watchQueues(ctx))
  const promises = startPromises({ ...ctx, onBreach: (tx, broken) => escalateBroken(tx, broken, ctx.clock()) })
  const notices = startNotices(ctx)
  const sequencer = startSequencer({ db, log })
  const webhooks = startWebhooks({ ...ctx, fetch: webhookFetch(ctx.outboundAllow) })
  return {
    async stop() {
      await Promise.all([bot.stop(), jobs.stop(), recurring.stop(), queues.stop(), promises.stop(), notices.stop()])
      await sequencer.close()
      await webhooks.close()
    },
  }
}

function handlers(ctx: LaterContext, rules: RuleContext): JobHandlers {
  return {
    route: {
      runBatch: (tx, jobs) =>
        route(
          tx,
          jobs.flatMap((job) => routeRequest(job.payload) ?? []),
          { now: ctx.clock(), rules },
        ),
    },
    ...ruleJobs(ctx, rules),
    'answer-asked': {
      run: async ({ payload }) =>
        answerAsked(ctx, { messageId: idIn(payload, 'messageId'), asked: payload['asked'] as Asked }),
    },
    'tell-erasure': {
      run: async ({ payload }) => {
        const [conversationId, questionId] = [idIn(payload, 'conversationId'), idIn(payload, 'questionId')]
        await sendErasureNotice(ctx, { conversationId, questionId })
      },
    },
    'recalculate-promises': recalculateEverything(ctx),
    'fetch-attachment': fetchAttachment(ctx),
    'fetch-picture': fetchPicture(ctx),
    'after-sent': afterSent(ctx),
    erase: eraseContactJob(ctx),
    continue: {
      run: async (job) => {
        const waitMs = await continueByLetter(ctx, idIn(job.payload, 'threadId'), usualPatience)
        if (waitMs > 0) throw new NotYet(waitMs, 'The customer may still read it in the chat.')
      },
    },
    'link-contacts': { run: (job) => mergeByCode(ctx.db, idIn(job.payload, 'codeId')) },
    // Written by the settling of a delivery, for what had to wait until that was over.
    'apply-parked': {
      run: async (job) => void (await applyStored(ctx.db, idIn(job.payload, 'eventRowId'), ctx.clock())),
    },
  }
}
