import { randomBytes } from 'node:crypto'
import type { Capabilities } from '../channel/capabilities.ts'
import type { ReplyContext } from '../delivery/reply-input.ts'
import { noticeWords, placeText } from '../domain/notice-words.ts'
import { type Standing, type StandingFacts, standingFacts } from '../store/case-standing.ts'
import { notePlaceNotice } from '../store/place-notice.ts'
import { insertProgressLink } from '../store/progress-link.ts'
import { placeOf } from './queue-place.ts'

export interface StandingContext extends ReplyContext {
  /** Where customers reach us, without a slash at the end; null: nobody said, so no addresses are handed out. */
  readonly customerUrl?: string | null
}

type Place = Pick<StandingFacts, 'inboxId' | 'key' | 'threadKind' | 'audience' | 'place'>

export async function capabilitiesAt(ctx: Pick<ReplyContext, 'connections'>, at: Place): Promise<Capabilities> {
  const { adapter, settings } = await ctx.connections.describe(at.inboxId)
  return adapter.capabilities(settings, { key: at.key, kind: at.threadKind, audience: at.audience, place: at.place })
}

/** The page of this case, and the place where a message can be changed as it moves: what changes stands last. */
export async function standing(ctx: StandingContext, facts: StandingFacts, can: Capabilities): Promise<Standing> {
  const { conversationId, progressDays, sees } = facts
  const words = noticeWords(facts.language)
  const now = ctx.clock()
  // Where a page of ours shows the place itself no message has to.
  const placed = (can.edit === 'full' || can.edit === 'partial') && !can.visitors && sees !== null
  const queue = placed ? await placeOf(ctx, facts) : null
  const customerUrl = ctx.customerUrl ?? null
  const token = customerUrl !== null && progressDays !== null ? randomBytes(16).toString('base64url') : null
  const lines = [
    token === null ? null : words.page(`${customerUrl}/t/${token}`),
    placeText(words, queue?.place ?? null, queue?.wait ?? null),
  ]
  return {
    lines: lines.filter((line) => line !== null),
    before: async (tx) => {
      if (token !== null) await insertProgressLink(tx, { ...facts, token, createdBy: 'system', now })
    },
    after: async (messageId) => {
      if (placed) await notePlaceNotice(ctx.db.pool, { conversationId, messageId, queue, now })
    },
  }
}

const nothing: Standing = { lines: [], before: async () => {}, after: async () => {} }

/** For whoever is just told that people have their case: no second message has to say the number. */
export async function standingAfter(ctx: StandingContext, messageId: string): Promise<Standing> {
  const facts = await standingFacts(ctx.db.pool, messageId)
  if (!facts) return nothing
  const { lines, ...rest } = await standing(ctx, facts, await capabilitiesAt(ctx, facts))
  return { ...rest, lines: [noticeWords(facts.language).number(`#${facts.number}`), ...lines] }
}
