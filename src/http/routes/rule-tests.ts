import type { Principal } from '../../domain/principal.ts'
import type { Rule } from '../../domain/rule.ts'
import { testRules } from '../../routing/test-rules.ts'
import { conversationOf, findConversation } from '../../store/conversation-find.ts'
import { listRules } from '../../store/rule.ts'
import { conversationByNumber } from '../../store/rule-facts.ts'
import { listRuns } from '../../store/rule-run.ts'
import { conversationRules, type RuleTest, type RuleTestAnswer, ruleTest, ruleTestAnswer } from '../../wire/rule.ts'
import { type Api, idParams } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf, requireLead } from '../guard.ts'
import { notFound } from '../http-error.ts'
import { runView, testedView } from '../rule-view.ts'
import { checkPattern } from './rules.ts'

/** What rules would say, and what they said. Nobody learns so of a conversation they may not see. */
export function registerRuleTests(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.post(
    '/rules/test',
    {
      config: { access: 'read' },
      schema: { summary: 'Which rules would fire, and why', body: ruleTest, response: { 200: ruleTestAnswer } },
    },
    async (request) => {
      requireLead(request)
      const who = principalOf(request)
      const { body } = request
      const conversationId = await wantedBy(deps, body, who)
      return tested(deps, who, { ...body, conversationId })
    },
  )
  app.get(
    '/conversations/:id/rules',
    {
      config: { access: 'read' },
      schema: {
        summary: 'Which rules fired and which would, and why',
        params: idParams,
        response: { 200: conversationRules },
      },
    },
    async (request) => {
      const { id } = request.params
      const answer = await tested(deps, principalOf(request), { conversationId: id })
      return { ...answer, fired: (await listRuns(pool, id)).map(runView) }
    },
  )
}

async function wantedBy({ db }: HttpDeps, body: RuleTest, who: Principal): Promise<string> {
  const { conversationId, number, messageId } = body
  if (conversationId !== undefined) return conversationId
  const found =
    messageId === undefined
      ? await conversationByNumber(db.pool, String(number))
      : await conversationOf(db.pool, 'message', messageId, who)
  if (found === null) throw notFound('This conversation')
  return found
}

async function tested(
  deps: HttpDeps,
  who: Principal,
  wish: Omit<RuleTest, 'conversationId'> & { readonly conversationId: string },
): Promise<RuleTestAnswer> {
  const { pool } = deps.db
  const seen = await findConversation(pool, wish.conversationId, who)
  if (!seen) throw notFound('This conversation')
  const rules = await rulesOf(deps, wish.rules)
  const { conversationId, messageId = null, event = 'message' } = wish
  const run = await testRules(pool, deps, { rules, wish: { conversationId, messageId, event } })
  return {
    conversation: { id: seen.id, number: Number(seen.number) },
    messageId: run.messageId,
    history: run.history,
    rules: run.rules.map(testedView),
  }
}

/** A draft has no id yet. */
async function rulesOf(deps: HttpDeps, drafts: RuleTest['rules']): Promise<Rule[]> {
  if (!drafts) return listRules(deps.db.pool, { enabled: true })
  for (const [r, draft] of drafts.entries())
    for (const [g, group] of (draft.conditions?.groups ?? []).entries())
      for (const [c, one] of group.conditions.entries())
        await checkPattern(one, `rules.${r}.conditions.groups.${g}.conditions.${c}.pattern`)
  return drafts
    .filter(({ enabled = true }) => enabled)
    .map(({ id = '', conditions = { match: 'all', groups: [] }, stops = false, ...rest }) => ({
      ...rest,
      id,
      conditions,
      stops,
    }))
}
