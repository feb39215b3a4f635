import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Macro } from '../../../../src/wire/macro.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useMacros, useRuleNames } from '../../data/rule-names.ts'
import { ruleWords } from '../../data/rule-words.ts'
import { useApi } from '../../data/services.ts'
import { ConfirmButton } from './confirm-button.tsx'
import { MacroForm } from './macro-form.tsx'
import { Line, Lines, SettingsPage } from './settings-page.tsx'

export function MacrosPage() {
  const { t } = useTranslation()
  const macros = useMacros()
  const [editing, setEditing] = useState<Macro | 'new' | null>(null)
  return (
    <SettingsPage
      title={t('macros.title')}
      lead={t('macros.lead')}
      action={
        <Button look="primary" onClick={() => setEditing('new')}>
          {t('macros.add')}
        </Button>
      }
    >
      {macros.length > 0 ? (
        <Lines label={t('macros.title')}>
          {macros.map((macro) => (
            <MacroLine key={macro.id} macro={macro} onEdit={() => setEditing(macro)} />
          ))}
        </Lines>
      ) : (
        <p className="text-soft">{t('macros.none')}</p>
      )}
      <Dialog
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={t(editing === 'new' ? 'macros.add' : 'macros.edit')}
        width="max-w-2xl"
      >
        {editing ? <MacroForm macro={editing === 'new' ? null : editing} onDone={() => setEditing(null)} /> : null}
      </Dialog>
    </SettingsPage>
  )
}

function MacroLine({ macro, onEdit }: { macro: Macro; onEdit: () => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const names = useRuleNames()
  const { name, text, actions, used, visibleTo } = macro
  const team = names.teams.find(({ value }) => value === macro.teamId)?.label
  return (
    <Line>
      <div className="min-w-0 flex-1 narrow:basis-full">
        <p className="flex flex-wrap items-center gap-2">
          <span className="text-sm font-medium [overflow-wrap:anywhere]">{name}</span>
          <Badge>{visibleTo === 'team' ? (team ?? t('macros.who.team')) : t(`macros.who.${visibleTo}`)}</Badge>
          {macro.missing.length > 0 ? <Badge tone="danger">{t('rules.broken')}</Badge> : null}
        </p>
        <p className="line-clamp-2 text-sm text-soft [overflow-wrap:anywhere]">{text.trim() || t('macros.onlyDoes')}</p>
        {actions.length > 0 ? (
          <p className="text-xs text-faint">{ruleWords(t, i18n.language, names).actions(actions)}</p>
        ) : null}
      </div>
      <span className="text-xs text-faint tabular-nums">
        {used === 0 ? t('macros.usedNever') : t('macros.used', { count: used })}
      </span>
      {macro.yours ? (
        <>
          <Button onClick={onEdit}>{t('common.edit')}</Button>
          <ConfirmButton
            label={t('common.remove')}
            question={t('macros.removeAsk', { name })}
            onConfirm={async () => {
              await api.send('DELETE', `/macros/${macro.id}`)
              await cache.invalidateQueries({ queryKey: ['macros'] })
            }}
          />
        </>
      ) : null}
    </Line>
  )
}
