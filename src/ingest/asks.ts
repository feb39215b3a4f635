import { type Asked, askedBy } from '../domain/asked.ts'
import { keepFromBot, switchAutomation } from '../store/automation.ts'
import type { Queryable } from '../store/database.ts'
import { enqueueJobs } from '../store/job.ts'
import type { Draft, Plan, Said } from './fold.ts'

/** One thing a customer asked of the program; answered by a job of the same transaction. */
export interface Ask {
  readonly asked: Asked
  readonly messageId: string
  readonly conversationId: string
  readonly threadId: string
  readonly identityId: string
}

const longestArgument = 100

export function askedIn({ event, thread }: Said): Asked | null {
  return askedBy({
    text: event.text,
    command: event.command,
    choiceId: event.choiceId,
    hasAttachments: (event.attachments?.length ?? 0) > 0,
    isLetter: event.letter !== undefined,
    isPrivate: thread.audience === 'private',
  })
}

export function noteAsk(
  plan: Plan,
  said: Said,
  { row }: Draft,
  { messageId, asked }: Pick<Ask, 'messageId' | 'asked'>,
) {
  const { event, thread, identity } = said
  plan.asks.push({ asked, messageId, conversationId: row.id, threadId: thread.id, identityId: identity.id })
  const argument = event.command?.argument?.slice(0, longestArgument)
  if (asked !== 'start' || !argument) return
  row.version += 1n
  plan.activities.push({
    conversationId: row.id,
    version: row.version,
    afterSeq: row.lastSeq,
    kind: 'cameFrom',
    actor: 'contact',
    data: { link: argument },
  })
}

/** With the messages themselves: who said stop is left alone from this commit on, whatever becomes of the job. */
export async function writeAsks(tx: Queryable, asks: readonly Ask[]): Promise<void> {
  if (asks.length === 0) return
  const switches = asks.filter(({ asked }) => asked === 'stop' || asked === 'resume' || asked === 'start')
  await switchAutomation(
    tx,
    switches.map(({ asked, identityId, messageId }) => ({
      identityId,
      stoppedBy: asked === 'stop' ? messageId : null,
    })),
  )
  await keepFromBot(
    tx,
    asks.filter(({ asked }) => asked === 'human').map(({ conversationId }) => conversationId),
  )
  await enqueueJobs(
    tx,
    asks
      .filter(({ asked }) => asked !== 'resume')
      .map(({ asked, messageId, threadId }) => ({
        kind: 'answer-asked',
        lane: `asked:${threadId}`,
        payload: { messageId, asked },
      })),
  )
}
