import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { createFileLinks } from '../security/file-link.ts'
import type { Api } from './api.ts'
import type { HttpDeps } from './deps.ts'
import { guard } from './guard.ts'
import { idempotency } from './idempotency.ts'
import { registerLive } from './live.ts'
import { registerAgentSkills } from './routes/agent-skills.ts'
import { registerAgents } from './routes/agents.ts'
import { registerAlarms } from './routes/alarms.ts'
import { registerArticleCategories } from './routes/article-categories.ts'
import { registerArticles } from './routes/articles.ts'
import { registerAssist } from './routes/assist.ts'
import { registerBot } from './routes/bot.ts'
import { registerBotSuggestions } from './routes/bot-suggestions.ts'
import { registerBusinessHours } from './routes/business-hours.ts'
import { registerChannels } from './routes/channels.ts'
import { registerComposing } from './routes/composing.ts'
import { registerContactLinks } from './routes/contact-links.ts'
import { registerContacts } from './routes/contacts.ts'
import { registerConversations } from './routes/conversations.ts'
import { registerEvents } from './routes/events.ts'
import { registerFiles } from './routes/files.ts'
import { registerHelpSettings } from './routes/help-settings.ts'
import { registerInboxCare } from './routes/inbox-care.ts'
import { registerInboxes } from './routes/inboxes.ts'
import { registerJobs } from './routes/jobs.ts'
import { registerJoining } from './routes/joining.ts'
import { registerLetters } from './routes/letters.ts'
import { registerMacros } from './routes/macros.ts'
import { registerMessageChanges } from './routes/message-changes.ts'
import { registerMessages } from './routes/messages.ts'
import { registerOneTime } from './routes/one-time.ts'
import { registerOwnAccounts } from './routes/own-accounts.ts'
import { registerProgressLinks } from './routes/progress-links.ts'
import { registerQueues } from './routes/queues.ts'
import { registerRuleTests } from './routes/rule-tests.ts'
import { registerRules } from './routes/rules.ts'
import { registerSample } from './routes/sample.ts'
import { registerSecondFactor } from './routes/second-factor.ts'
import { registerSession } from './routes/session.ts'
import { registerSlaPolicies } from './routes/sla-policies.ts'
import { registerTags } from './routes/tags.ts'
import { registerTeams } from './routes/teams.ts'
import { registerTokens } from './routes/tokens.ts'
import { registerTopicForms } from './routes/topic-forms.ts'
import { registerTopics } from './routes/topics.ts'
import { registerWebhooks } from './routes/webhooks.ts'

const rooms = [
  registerSession,
  registerOwnAccounts,
  registerSecondFactor,
  registerOneTime,
  registerAgents,
  registerTeams,
  registerAgentSkills,
  registerTopics,
  registerTopicForms,
  registerQueues,
  registerBot,
  registerBotSuggestions,
  registerAssist,
  registerTokens,
  registerChannels,
  registerInboxes,
  registerInboxCare,
  registerAlarms,
  registerJoining,
  registerProgressLinks,
  registerContactLinks,
  registerTags,
  registerBusinessHours,
  registerSlaPolicies,
  registerRules,
  registerRuleTests,
  registerMacros,
  registerArticleCategories,
  registerHelpSettings,
  registerSample,
  registerJobs,
  registerWebhooks,
  registerEvents,
  registerLive,
]

/** Everything under /api/v1, behind one guard. */
export async function registerApi(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  const links = createFileLinks(deps.sealer, deps.clock)
  await app.register(
    (scope, _options, done) => {
      const api: Api = scope.withTypeProvider<ZodTypeProvider>()
      guard(api, deps)
      idempotency(api, deps)
      for (const register of rooms) register(api, deps)
      for (const register of [
        registerConversations,
        registerContacts,
        registerMessages,
        registerMessageChanges,
        registerLetters,
        registerComposing,
        registerFiles,
        registerArticles,
      ])
        register(api, deps, links)
      done()
    },
    { prefix: '/api/v1' },
  )
}
