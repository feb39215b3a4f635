import { ChangeRefused } from '../delivery/change-parts.ts'
import { editMessage } from '../delivery/change-sent.ts'
import { expectedWait } from '../domain/expected-wait.ts'
import { noticeWords, placeText } from '../domain/notice-words.ts'
import { placeMoved } from '../domain/queue-place.ts'
import {
  endPlaceNotice,
  type PlaceNotice,
  type SaidPlace,
  setSaidPlace,
  stillWaits,
  takePlaceNotices,
} from '../store/place-notice.ts'
import { placesIn, type Service, serviceOf } from '../store/queue-place.ts'
import type { NoticeContext } from './tell-notice.ts'

/** No message is changed more often: platforms count changes as sends, and people read them. */
const restMs = 30_000
const atOnce = 100

/** Keeps what customers were told about their place true, as long as they wait. */
export async function tellPlaces(ctx: NoticeContext): Promise<void> {
  const { db, clock } = ctx
  const now = clock()
  const before = new Date(now.getTime() - restMs)
  for (let more = true; more; ) {
    const taken = await takePlaceNotices(db.pool, { now, before, limit: atOnce })
    more = taken.length === atOnce
    const teamIds = [...new Set(taken.flatMap(({ teamId, waits }) => (waits && teamId !== null ? teamId : [])))]
    const places = await placesIn(db.pool, teamIds)
    const services = new Map<string, Service | null>()
    for (const teamId of teamIds) services.set(teamId, await serviceOf(db.pool, teamId, now))
    for (const notice of taken) {
      const place = notice.sees === null ? undefined : places.get(notice.conversationId)
      const service = services.get(notice.teamId ?? '') ?? null
      await tellPlace(ctx, notice, place === undefined ? null : { place, wait: expectedWait(place, service) })
    }
  }
}

async function tellPlace(ctx: NoticeContext, notice: PlaceNotice, next: SaidPlace | null): Promise<void> {
  const { pool } = ctx.db
  const { conversationId, messageId, said, waits, text } = notice
  // Whoever has it now speaks for themselves.
  if (!waits) return endPlaceNotice(pool, conversationId)
  if (!placeMoved(said, next)) return
  const words = noticeWords(notice.language)
  const kept = text.split('\n\n').slice(0, said === null ? undefined : -1)
  const line = placeText(words, next?.place ?? null, next?.wait ?? null)
  try {
    await editMessage(ctx, {
      messageId,
      text: [...kept, ...(line === null ? [] : [line])].join('\n\n'),
      actor: 'system',
      when: (tx) => stillWaits(tx, conversationId),
      priority: 'notice',
    })
    await setSaidPlace(pool, conversationId, next)
  } catch (error) {
    if (!(error instanceof ChangeRefused)) throw error
    // On its way, it is looked at again; what can never be changed is given up.
    if (error.code !== 'notSent' && error.code !== 'overtaken') await endPlaceNotice(pool, conversationId)
  }
}
