import type { Logger } from 'pino'
import type { Capabilities } from '../channel/capabilities.ts'
import { reply } from '../delivery/reply.ts'
import { KeptSilent, type ReplyContext, type ReplyInput, ReplyRejected } from '../delivery/reply-input.ts'
import { freshMs } from '../domain/automatic.ts'
import { automaticLanguage, automaticWords } from '../domain/automatic-words.ts'
import { type NoticeWords, noticeWords } from '../domain/notice-words.ts'
import { spokenName } from '../domain/spoken-name.ts'
import { askedMessage } from '../store/automation.ts'
import { acknowledgedSince, type DueNotice, stillHolds } from '../store/customer-notice.ts'
import type { Queryable } from '../store/database.ts'
import { capabilitiesAt, standing } from './standing.ts'

export interface NoticeContext extends ReplyContext {
  readonly log: Logger
  /** Where customers reach us, without a slash at the end; null: nobody said, so no addresses are handed out. */
  readonly customerUrl: string | null
}

/** Programs that answer each other must come to an end. */
const mostAcknowledged = { count: 3, withinMs: 3_600_000 }

/** null: it was said, now or before; else why not. */
export async function tellNotice(ctx: NoticeContext, notice: DueNotice): Promise<string | null> {
  if (ctx.clock().getTime() - notice.happenedAt.getTime() > freshMs) return 'old'
  if (notice.askedBy === null) return 'nobody'
  const can = await capabilitiesAt(ctx, notice)
  if (can.onlyAsked) return 'onlyAsked'
  try {
    await (notice.kind === 'acknowledged' ? acknowledge(ctx, notice, can) : tell(ctx, notice, notice.kind))
    return null
  } catch (error) {
    if (error instanceof KeptSilent) return error.why
    if (error instanceof ReplyRejected) return error.code
    throw error
  }
}

async function acknowledge(ctx: NoticeContext, notice: DueNotice, can: Capabilities): Promise<void> {
  const { conversationId, about, askedBy, number } = notice
  const now = ctx.clock()
  const { lines, before, after } = await standing(ctx, notice, can)
  const { messageId } = await reply(ctx, {
    ...(await spoken(ctx, notice, [noticeWords(notice.language).acknowledged(`#${number}`), ...lines])),
    clientId: `acknowledged-${conversationId}-${about}`,
    answers: { messageId: askedBy ?? '', kind: 'acknowledged' },
    when: async (tx) => {
      if (!(await stillHolds(tx, notice)) || (await toldOften(tx, notice, now))) return false
      await before(tx)
      return true
    },
  })
  await after(messageId)
}

async function toldOften(tx: Queryable, { identityId }: DueNotice, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - mostAcknowledged.withinMs)
  return identityId !== null && (await acknowledgedSince(tx, identityId, since)) >= mostAcknowledged.count
}

async function tell(ctx: NoticeContext, notice: DueNotice, kind: 'turn' | 'escalated' | 'resolved'): Promise<void> {
  const text = textOf(noticeWords(notice.language), notice, kind)
  if (text === null) throw new KeptSilent('overtaken')
  await reply(ctx, {
    ...(await spoken(ctx, notice, [text])),
    clientId: `${kind}-${notice.conversationId}-${notice.about}`,
    tells: { askedBy: notice.askedBy ?? '', kind },
    when: (tx) => stillHolds(tx, notice),
  })
}

function textOf(words: NoticeWords, notice: DueNotice, kind: 'turn' | 'escalated' | 'resolved'): string | null {
  const { sees, agentName, number } = notice
  const [name, team] = [spokenName(agentName ?? ''), spokenName(sees ?? '')]
  if (team === '') return null
  if (kind === 'resolved') return words.resolved(`#${number}`)
  if (kind === 'escalated') return words.escalated(team, `#${number}`)
  return name === '' ? null : words.turn(name, team, `#${number}`)
}

/** The first automatic message to somebody says what becomes of their data. */
async function spoken(
  { db }: NoticeContext,
  { conversationId, askedBy, language }: DueNotice,
  lines: readonly (string | null)[],
): Promise<Pick<ReplyInput, 'conversationId' | 'author' | 'kind' | 'text' | 'attachmentFileIds'>> {
  const asked = await askedMessage(db.pool, askedBy ?? '')
  const privacy =
    asked?.isFirst && asked.privacyUrl !== null
      ? `${automaticWords(automaticLanguage(language)).privacy} ${asked.privacyUrl}`
      : null
  // What may change later stands last.
  const [first, ...rest] = lines
  return {
    conversationId,
    author: { type: 'system', priority: 'notice' },
    kind: 'reply',
    text: [first, privacy, ...rest].filter((line) => line !== null).join('\n\n'),
    attachmentFileIds: [],
  }
}
