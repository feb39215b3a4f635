import type { HandlingAction } from '../domain/rule.ts'
import type { Queryable } from '../store/database.ts'
import { insertMacro } from '../store/macro.ts'
import { changeRuleSet, insertRule, noteRuleKinds } from '../store/rule.ts'
import type { Desk } from './desk-files.ts'
import { idOf, type Names } from './names.ts'
import { actionOf, conditionsOf, eventOf } from './rule-parts.ts'

export interface LoadedRules {
  readonly rules: readonly string[]
  /** By key and language. */
  readonly macros: ReadonlyMap<string, string>
}

export async function loadRules(tx: Queryable, desk: Desk, names: Names): Promise<LoadedRules> {
  await changeRuleSet(tx)
  const macros = await loadMacros(tx, desk, names)
  const rules: string[] = []
  for (const rule of desk.rules) {
    const { id } = await insertRule(tx, {
      name: rule.name,
      enabled: true,
      event: eventOf(rule),
      conditions: conditionsOf(rule, names),
      actions: rule.do.map((one) => actionOf(one, names, macros)),
      stops: false,
    })
    rules.push(id)
  }
  await noteRuleKinds(tx)
  return { rules, macros }
}

/** One for each language: whoever answers picks the customer's. */
async function loadMacros(tx: Queryable, desk: Desk, names: Names): Promise<Map<string, string>> {
  const macros = new Map<string, string>()
  for (const { key, name, visibleTo, text, actions } of desk.macros) {
    for (const [language, words] of Object.entries(text)) {
      const { id } = await insertMacro(tx, {
        name: name[language] ?? `${name['en']} (${ownName(language)})`,
        text: words.trim(),
        actions: actions.map((one) => actionOf(one, names) as HandlingAction),
        ownerId: null,
        teamId: visibleTo === 'all' ? null : idOf(names.teams, visibleTo),
      })
      macros.set(`${key} ${language}`, id)
    }
  }
  return macros
}

const ownName = (language: string) => new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language
