import type { Condition } from '../../domain/rule.ts'
import { patternFault } from '../../routing/safe-pattern.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import {
  changeRuleSet,
  countRules,
  deleteRule,
  findRule,
  insertRule,
  listRules,
  type NewRule as NewRuleRow,
  noteRuleKinds,
  orderRules,
  type RuleRow,
  updateRule,
} from '../../store/rule.ts'
import { missingAmong, referencesIn } from '../../store/rule-missing.ts'
import { page } from '../../wire/primitive.ts'
import { newRule, type Rule, type RulePatch, rule, ruleOrder, rulePatch } from '../../wire/rule.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { requireLead } from '../guard.ts'
import { badField, HttpError, notFound } from '../http-error.ts'
import { ruleView } from '../rule-view.ts'

const config = { access: 'admin' } as const
const most = 200

/** Leads may read the rules; administrators write them. */
export function registerRules(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/rules',
    { config: { access: 'read' }, schema: { summary: 'All rules, in their order', response: { 200: page(rule) } } },
    async (request) => {
      requireLead(request)
      return { items: await viewsOf(pool, await listRules(pool)), next: null }
    },
  )
  app.post(
    '/rules',
    { config, schema: { summary: 'Add a rule below the others', body: newRule, response: { 201: rule } } },
    async (request, reply) => {
      const made = await writing(deps, async (tx) => {
        if ((await countRules(tx)) >= most) throw new HttpError(422, 'tooMany', `There can be ${most} rules.`)
        return insertRule(tx, await checked({ ...fresh, ...request.body }))
      })
      return reply.code(201).send(await viewOf(pool, made))
    },
  )
  app.put(
    '/rules/order',
    { config, schema: { summary: 'From top to bottom', body: ruleOrder, response: { 200: page(rule) } } },
    async (request) => {
      await writing(deps, (tx) => orderRules(tx, request.body.ids))
      return { items: await viewsOf(pool, await listRules(pool)), next: null }
    },
  )
  registerOne(app, deps)
}

function registerOne(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.patch(
    '/rules/:id',
    { config, schema: { summary: 'Change a rule', params: idParams, body: rulePatch, response: { 200: rule } } },
    async (request) => {
      const { id } = request.params
      const changed = await writing(deps, async (tx) => {
        const before = await findRule(tx, id)
        return before && updateRule(tx, id, await checked({ ...before, ...request.body }))
      })
      if (!changed) throw notFound('This rule')
      return viewOf(pool, changed)
    },
  )
  app.delete(
    '/rules/:id',
    { config, schema: { summary: 'Remove a rule', params: idParams, response: noContent } },
    async (request, reply) => {
      if (!(await writing(deps, (tx) => deleteRule(tx, request.params.id)))) throw notFound('This rule')
      return reply.code(204).send()
    },
  )
}

const fresh = { enabled: true, stops: false, conditions: { match: 'all' as const, groups: [] } }

function writing<T>(deps: HttpDeps, work: (tx: Queryable) => Promise<T>): Promise<T> {
  return transaction(deps.db, async (tx) => {
    await changeRuleSet(tx)
    const result = await work(tx)
    await noteRuleKinds(tx)
    return result
  })
}

type Given = { readonly [K in keyof NewRuleRow]: NewRuleRow[K] | NonNullable<RulePatch[K]> | undefined }

async function checked(given: Given): Promise<NewRuleRow> {
  const made = given as NewRuleRow
  for (const [g, { conditions }] of made.conditions.groups.entries())
    for (const [c, one] of conditions.entries())
      await checkPattern(one, `conditions.groups.${g}.conditions.${c}.pattern`)
  return made
}

/** Tells where a pattern cannot be read. */
export async function checkPattern(condition: Condition, field: string): Promise<void> {
  if (!('pattern' in condition) || condition.pattern === undefined) return
  const fault = await patternFault(condition.pattern)
  if (fault === null) return
  const at = fault.at === null ? '' : `, from character ${fault.at + 1} on`
  throw badField(field, `cannot be read as a pattern: ${fault.message}${at}`, {
    code: 'invalid',
    ...(fault.at !== null && { limit: fault.at + 1 }),
  })
}

async function viewsOf(q: Queryable, rows: readonly RuleRow[]): Promise<Rule[]> {
  const named = rows.map(({ actions, conditions }) => referencesIn(actions, conditions))
  const missing = await missingAmong(q, named.flat())
  return rows.map((row, at) => ruleView(row, missing(named[at] ?? [])))
}

async function viewOf(q: Queryable, row: RuleRow): Promise<Rule> {
  return (await viewsOf(q, [row]))[0] as Rule
}
