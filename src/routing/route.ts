import type { SpokenHere } from '../domain/text-language.ts'
import { takeForBot } from '../store/bot-take.ts'
import { type Queryable, together } from '../store/database.ts'
import { notify } from '../store/feed-insert.ts'
import { type RouteRequest, routeToQueues, tellRouted } from '../store/routing.ts'
import { applyRules, type RuleContext } from './apply-rules.ts'
import { assignWaiting } from './assign-waiting.ts'
import { learnOf } from './learn.ts'

interface Routing {
  readonly now: Date
  /** Without them none are asked. */
  readonly rules?: RuleContext
  /** What is spoken here; absent: what the program itself speaks. */
  readonly languages?: SpokenHere
}

const onlyOurs: SpokenHere = { languages: ['en', 'zh', 'ja', 'ko', 'ru'], detect: null }

/**
 * T2: who deals with it. What is told of it is learned, the rules are asked, the bot has it where it answers first, else it stands in the queue of its team unless
 * somebody has it already, then whatever waits is given to who has room: the new one only when nothing comes before it.
 * `requests` stand in the payloads of 'route' jobs.
 */
export async function route(
  tx: Queryable,
  requests: readonly RouteRequest[],
  { now, rules, languages }: Routing,
): Promise<void> {
  const [book] = await together([rules?.rules.current(tx), learnOf(tx, requests, languages ?? onlyOurs)])
  const facts = requests.map((request) => ({ ...request, kind: 'message' as const }))
  if (rules) await applyRules(tx, rules, facts, book)
  await takeForBot(tx, requests, now)
  await routeToQueues(tx, requests)
  const { more } = await assignWaiting(
    tx,
    now,
    requests.map(({ conversationId }) => conversationId),
  )
  await tellRouted(tx, requests)
  if (more) await notify(tx, ['queue'])
}

export function routeRequest(payload: Readonly<Record<string, unknown>>): RouteRequest | null {
  const { messageId, conversationId } = payload
  return typeof messageId === 'string' && typeof conversationId === 'string' ? { messageId, conversationId } : null
}
