import { endpointProbe } from '../../bot/endpoint-state.ts'
import { calibrationIn } from '../../bot/model-head.ts'
import { webhookFetch } from '../../security/outbound-fetch.ts'
import { botIsOn, knowledgeVersion } from '../../store/bot-knowledge.ts'
import { botKnows, type ModelRow, readModelHead } from '../../store/bot-status.ts'
import { type BotStatus, botStatus } from '../../wire/bot.ts'
import type { Api } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'

/** How the bot is: what it knows, how sure it may be, and whether its helper elsewhere is there. */
export function registerBotStatus(app: Api, { db, llm, outboundAllow }: HttpDeps): void {
  const probe = endpointProbe(llm, webhookFetch(outboundAllow), () => performance.now())
  app.get(
    '/bot',
    {
      config: { access: 'read' },
      schema: { summary: 'What the bot knows, and how it is', response: { 200: botStatus } },
    },
    async (request) => {
      requireLead(request)
      const [isOn, version, knows, state] = await Promise.all([
        botIsOn(db.pool),
        knowledgeVersion(db.pool),
        botKnows(db.pool, principalOf(request).inboxIds),
        probe(),
      ])
      const row = version === null ? null : await readModelHead(db.pool, version)
      return {
        ...knows,
        state: isOn ? (version === null ? 'nothing' : row ? 'ready' : 'learning') : 'off',
        model: version !== null && row ? modelOf(version, row) : null,
        endpoint: { state, host: llm ? new URL(llm.url).host : null, model: llm?.model ?? null },
      } satisfies BotStatus
    },
  )
}

function modelOf(version: string, { madeAt, head }: ModelRow): BotStatus['model'] {
  const promise = calibrationIn(head)
  return { version: version.slice(0, 8), madeAt: madeAt.toISOString(), promise }
}
