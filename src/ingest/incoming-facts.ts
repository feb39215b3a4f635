import { type Asked, wakesNobody } from '../domain/asked.ts'
import type { IncomingFacts } from '../domain/conversation.ts'
import type { FoldFacts, InboundMessage } from './fold.ts'

/** What the decision about a message's conversation rests on. */
export function incomingFacts(
  { inbox, now }: FoldFacts,
  event: InboundMessage,
  { history, asked }: { readonly history: boolean; readonly asked: Asked | null },
): IncomingFacts {
  const { text, attachments, byProgram = false, occurredAt } = event
  return {
    text,
    hasAttachments: (attachments?.length ?? 0) > 0,
    byProgram,
    forProgram: event.quiet === true || wakesNobody(asked),
    stops: asked === 'stop',
    occurredAt,
    history,
    now,
    reopenHours: inbox.reopenHours,
  }
}
