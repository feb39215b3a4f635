import type { TFunction } from 'i18next'
import type { Team } from '../../../../src/wire/agent.ts'
import type { Activity } from '../../../../src/wire/conversation.ts'

interface Telling {
  activity: Activity
  by: string
  agentName: (id: string | null) => string | null
  teams: readonly Team[]
}

/** What rules and macros change beside what people change by hand; null: nothing an agent needs to be told. */
export function ruledWords(t: TFunction, { activity: { kind, data }, by, agentName, teams }: Telling): string | null {
  const to = data['to']
  switch (kind) {
    case 'tierChanged':
      return t('ruled.tier', { by, tier: String(to) })
    case 'vipChanged':
      return t(to === true ? 'ruled.vipOn' : 'ruled.vipOff', { by })
    case 'botSwitched':
      return t(to === true ? 'ruled.botOn' : 'ruled.botOff', { by })
    case 'notified': {
      const ids: unknown[] = Array.isArray(data['agentIds']) ? data['agentIds'] : []
      const people = ids.flatMap((id) => agentName(String(id)) ?? [])
      const team = teams.find(({ id }) => id === data['teamId'])?.name
      const names = [...people, ...(team ? [team] : [])].join(', ')
      return names === '' ? null : t('ruled.notified', { by, names })
    }
    default:
      return null
  }
}
