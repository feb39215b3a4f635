import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Macro } from '../../../src/wire/macro.ts'
import type { Rule } from '../../../src/wire/rule.ts'
import type { Api } from './api.ts'
import { useChannelName } from './channel-words.ts'
import { everyPage, useAgents, useChannels, useInboxes, useTeams } from './directory.ts'
import { useSlaPolicies } from './due.ts'
import { useTopics } from './routing.ts'
import type { Field } from './rule-draft.ts'
import { useApi } from './services.ts'

export interface Choice {
  readonly value: string
  readonly label: string
}

export const rulesQuery = (api: Api) => ({
  queryKey: ['rules'],
  queryFn: ({ signal }: { signal: AbortSignal }) => everyPage<Rule>(api, '/rules', signal),
})
export const macrosQuery = (api: Api) => ({
  queryKey: ['macros'],
  queryFn: ({ signal }: { signal: AbortSignal }) => everyPage<Macro>(api, '/macros', signal),
})
const noMacros: Macro[] = []
export const useMacros = (): Macro[] => useQuery(macrosQuery(useApi())).data ?? noMacros

export interface RuleNames {
  /** What can be chosen for a field; null: it is typed. */
  choices(field: Field): readonly Choice[] | null
  readonly teams: readonly Choice[]
  readonly agents: readonly Choice[]
  readonly topics: readonly Choice[]
  /** Of promised response times. */
  readonly policies: readonly Choice[]
  /** Everybody's: others cannot stand in a rule. */
  readonly macros: readonly Choice[]
}

const languages = ['zh', 'en', 'ja', 'ko', 'ru', 'de', 'es', 'fr', 'it', 'pt', 'tr', 'vi', 'id', 'th', 'ar']
const named = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, label: name })

/** The words of everything a rule can name. */
export function useRuleNames(): RuleNames {
  const { t, i18n } = useTranslation()
  const channelName = useChannelName()
  const channels = useChannels().map(({ id }) => ({ value: id, label: channelName(id) }))
  const inboxes = useInboxes().map(named)
  const teams = useTeams().map(named)
  const agents = useAgents().map(named)
  const topics = useTopics().map(named)
  const policies = useSlaPolicies().map(named)
  const macros = useMacros()
    .filter(({ visibleTo }) => visibleTo === 'all')
    .map(named)
  const languageNames = new Intl.DisplayNames([i18n.language], { type: 'language' })
  const none: Choice = { value: 'none', label: t('rules.value.none') }
  const values = <V extends string>(list: readonly V[], label: (value: V) => string): Choice[] =>
    list.map((value) => ({ value, label: label(value) }))
  const tables: Partial<Record<Field, readonly Choice[]>> = {
    channel: channels,
    inbox: inboxes,
    team: [none, ...teams],
    assignee: [none, ...agents],
    previousAgent: [none, ...agents],
    topic: [none, ...topics],
    language: values(languages, (code) => languageNames.of(code) ?? code),
    vip: values(['yes', 'no'] as const, (value) => t(`rules.value.${value}`)),
    businessHours: values(['open', 'closed'] as const, (value) => t(`rules.value.${value}`)),
    attachments: values(['image', 'video', 'audio', 'file', 'none'] as const, (value) => t(`rules.value.${value}`)),
    status: values(['open', 'waiting', 'onHold', 'snoozed', 'resolved', 'spam'] as const, (value) =>
      t(`status.${value}`),
    ),
    priority: values(['low', 'normal', 'high', 'urgent'] as const, (value) => t(`priority.${value}`)),
    tier: values(['1', '2', '3'] as const, (value) => value),
    audience: values(['private', 'shared', 'public'] as const, (value) => t(`audience.${value}`)),
  }
  return { choices: (field) => tables[field] ?? null, teams, agents, topics, policies, macros }
}
