import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Team } from '../../../../src/wire/agent.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useTeams } from '../../data/directory.ts'
import { Line, Lines, Section } from './settings-page.tsx'
import { TeamForm } from './team-form.tsx'

export function Teams({ admin }: { admin: boolean }) {
  const { t } = useTranslation()
  const teams = useTeams()
  const [editing, setEditing] = useState<Team | 'new' | null>(null)
  return (
    <Section title={t('people.teams')} lead={t('people.teamsLead')}>
      {teams.length ? (
        <Lines label={t('people.teams')}>
          {teams.map((team) => (
            <Line key={team.id}>
              <span className="min-w-0 flex-1 truncate text-sm font-medium">{team.name}</span>
              <span className="text-xs text-faint">{t(`work.strategies.${team.routing.strategy}`)}</span>
              <span className="text-xs text-faint">{t('people.members', { count: team.memberIds.length })}</span>
              {admin ? <Button onClick={() => setEditing(team)}>{t('common.edit')}</Button> : null}
            </Line>
          ))}
        </Lines>
      ) : null}
      {admin ? (
        <Button className="self-start" onClick={() => setEditing('new')}>
          <Plus className="size-4" />
          {t('people.addTeam')}
        </Button>
      ) : null}
      <Dialog
        open={editing !== null}
        width="max-w-xl"
        onClose={() => setEditing(null)}
        title={editing === 'new' || editing === null ? t('people.addTeam') : editing.name}
      >
        {editing ? <TeamForm team={editing === 'new' ? null : editing} onDone={() => setEditing(null)} /> : null}
      </Dialog>
    </Section>
  )
}
