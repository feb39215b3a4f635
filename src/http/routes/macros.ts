import { z } from 'zod'
import { unknownVariable } from '../../domain/macro-text.ts'
import { actorOf, type Principal } from '../../domain/principal.ts'
import { applyMacro } from '../../routing/apply-macro.ts'
import { seesConversation } from '../../store/conversation-find.ts'
import { type Queryable, transaction } from '../../store/database.ts'
import {
  countMacros,
  deleteMacro,
  findMacro,
  insertMacro,
  listMacros,
  type MacroReader,
  type MacroRow,
  type NewMacroRow,
  updateMacro,
} from '../../store/macro.ts'
import { changeRuleSet } from '../../store/rule.ts'
import { missingAmong, referencesIn } from '../../store/rule-missing.ts'
import { appliedMacro, type Macro, type MacroPatch, macro, macroPatch, newMacro } from '../../wire/macro.ts'
import { id, page } from '../../wire/primitive.ts'
import { type Api, idParams, noContent } from '../api.ts'
import type { HttpDeps } from '../deps.ts'
import { principalOf } from '../guard.ts'
import { badField, forbidden, HttpError, notFound } from '../http-error.ts'

const most = 2_000
const applyParams = z.strictObject({ id, macroId: id })

/** Prepared answers with what is to be done beside them. Agents keep their own; what others use as well is the leads'. */
export function registerMacros(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.get(
    '/macros',
    { config: { access: 'read' }, schema: { summary: 'Macros you may use', response: { 200: page(macro) } } },
    async (request) => {
      const who = principalOf(request)
      return { items: await viewsOf(pool, await listMacros(pool, readerOf(who)), who), next: null }
    },
  )
  app.post(
    '/macros',
    { config: { access: 'write' }, schema: { summary: 'Make a macro', body: newMacro, response: { 201: macro } } },
    async (request, reply) => {
      const who = principalOf(request)
      const { visibleTo, teamId = null, text = '', actions = [], name } = request.body
      const row = rowOf({ name, text, actions, visibleTo, teamId }, who)
      const made = await transaction(deps.db, async (tx) => {
        await changeRuleSet(tx)
        if ((await countMacros(tx)) >= most) throw new HttpError(422, 'tooMany', `There can be ${most} macros.`)
        return insertMacro(tx, row)
      })
      return reply.code(201).send(await viewOf(pool, made, who))
    },
  )
  registerOne(app, deps)
  registerUse(app, deps)
}

function registerOne(app: Api, deps: HttpDeps): void {
  const { pool } = deps.db
  app.patch(
    '/macros/:id',
    {
      config: { access: 'write' },
      schema: { summary: 'Change a macro', params: idParams, body: macroPatch, response: { 200: macro } },
    },
    async (request) => {
      const who = principalOf(request)
      const changed = await transaction(deps.db, async (tx) => {
        await changeRuleSet(tx)
        const before = await ownMacro(tx, request.params.id, who)
        return updateMacro(tx, before.id, rowOf({ ...partsOf(before), ...request.body }, who, before.ownerId))
      })
      if (!changed) throw notFound('This macro')
      return viewOf(pool, changed, who)
    },
  )
  app.delete(
    '/macros/:id',
    { config: { access: 'write' }, schema: { summary: 'Remove a macro', params: idParams, response: noContent } },
    async (request, reply) => {
      await transaction(deps.db, async (tx) => {
        await changeRuleSet(tx)
        await deleteMacro(tx, (await ownMacro(tx, request.params.id, principalOf(request))).id)
      })
      return reply.code(204).send()
    },
  )
}

function registerUse(app: Api, deps: HttpDeps): void {
  app.post(
    '/conversations/:id/macros/:macroId',
    {
      config: { access: 'write' },
      schema: {
        summary: 'Do what a macro does; its words are answered, not sent',
        params: applyParams,
        response: { 200: appliedMacro },
      },
    },
    async (request) => {
      const who = principalOf(request)
      const { id: conversationId, macroId } = request.params
      const { pool } = deps.db
      if (!(await seesConversation(pool, conversationId, who))) throw notFound('This conversation')
      const found = await findMacro(pool, macroId, readerOf(who))
      if (!found) throw notFound('This macro')
      const wish = { macro: found, conversationId, actor: actorOf(who), agentId: who.agentId, now: deps.clock() }
      const applied = await transaction(deps.db, (tx) => applyMacro(tx, wish))
      if (!applied) throw new HttpError(409, 'merged', 'Its messages stand in another conversation now.')
      return { text: applied.text, actions: applied.outcomes.map(({ type, state }) => ({ type, state })) }
    },
  )
}

const isLead = (who: Principal): boolean => who.role !== 'agent'
const readerOf = (who: Principal): MacroReader => ({ agentId: who.agentId, teamIds: who.teamIds, isLead: isLead(who) })

/** One's own, or anybody's shared one for leads. */
function mayChange(row: Pick<MacroRow, 'ownerId'>, who: Principal): boolean {
  return row.ownerId === null ? isLead(who) : row.ownerId === who.agentId
}

async function ownMacro(tx: Queryable, macroId: string, who: Principal): Promise<MacroRow> {
  const row = await findMacro(tx, macroId, readerOf(who))
  if (!row) throw notFound('This macro')
  if (!mayChange(row, who)) throw forbidden('What everybody uses is changed by supervisors and administrators.')
  return row
}

interface Parts extends Pick<MacroRow, 'name' | 'text' | 'actions' | 'teamId'> {
  readonly visibleTo: Macro['visibleTo']
}

function partsOf({ name, text, actions, teamId, ownerId }: MacroRow): Parts {
  return { name, text, actions, teamId, visibleTo: ownerId !== null ? 'me' : teamId !== null ? 'team' : 'all' }
}

type Given = { readonly [K in keyof Parts]: Parts[K] | NonNullable<MacroPatch[K]> | undefined }

function rowOf(given: Given, who: Principal, ownerId: string | null = who.agentId): NewMacroRow {
  const { name, text, actions, visibleTo, teamId } = given as Parts
  const unknown = unknownVariable(text)
  if (unknown !== null) throw badField('text', `knows no {{${unknown}}}`)
  if (text.trim() === '' && actions.length === 0) throw badField('text', 'says nothing, and nothing is done either')
  if (visibleTo === 'team' && teamId === null) throw badField('teamId', 'is needed: which team may use it?')
  if (visibleTo === 'me' && ownerId === null && who.agentId === null) throw badField('visibleTo', 'needs a person')
  const row = {
    ownerId: visibleTo === 'me' ? (ownerId ?? who.agentId) : null,
    teamId: visibleTo === 'team' ? teamId : null,
  }
  if (!mayChange(row, who)) throw forbidden('What others use as well is made by supervisors and administrators.')
  return { name, text, actions, ...row }
}

async function viewsOf(q: Queryable, rows: readonly MacroRow[], who: Principal): Promise<Macro[]> {
  const named = rows.map(({ actions }) => referencesIn(actions))
  const missing = await missingAmong(q, named.flat())
  return rows.map((row, at) => ({
    ...partsOf(row),
    id: row.id,
    actions: [...row.actions] as Macro['actions'],
    missing: missing(named[at] ?? []),
    yours: mayChange(row, who),
    used: Number(row.used),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  }))
}

async function viewOf(q: Queryable, row: MacroRow, who: Principal): Promise<Macro> {
  return (await viewsOf(q, [row], who))[0] as Macro
}
