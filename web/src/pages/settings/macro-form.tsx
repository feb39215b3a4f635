import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Macro, NewMacro } from '../../../../src/wire/macro.ts'
import type { MacroAction, RuleAction } from '../../../../src/wire/rule-action.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { SelectField, TextArea, TextField } from '../../components/field.tsx'
import { actionTypes, type Keyed, keyed } from '../../data/rule-draft.ts'
import { useRuleNames } from '../../data/rule-names.ts'
import { useDesk, useGround } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ActionRows } from './rules/action-rows.tsx'

const types = actionTypes.filter((type) => type !== 'macro' && type !== 'webhook')
const variables = '{{contact.name|there}}, {{conversation.number}}, {{agent.name}}'

export function MacroForm({ macro, onDone }: { macro: Macro | null; onDone: () => void }) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const { teams } = useRuleNames()
  const lead = useDesk().me.agent?.role !== 'agent'
  const submit = useSubmit(['name', 'text', 'teamId', 'actions'])
  const [visibleTo, setVisibleTo] = useState<Macro['visibleTo']>(macro?.visibleTo ?? (lead ? 'all' : 'me'))
  const [actions, setActions] = useState<readonly Keyed<RuleAction>[]>(
    (macro?.actions ?? []).map((one) => keyed<RuleAction>(one)),
  )
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={submit.onSubmit(async (form) => {
        const body: NewMacro = {
          name: String(form.get('name')).trim(),
          text: String(form.get('text')),
          visibleTo,
          teamId: visibleTo === 'team' ? String(form.get('teamId')) || null : null,
          actions: actions.map(({ value }) => value as MacroAction),
        }
        await (macro ? api.send('PATCH', `/macros/${macro.id}`, body) : api.send('POST', '/macros', body))
        toasts.show({ tone: 'plain', text: t('macros.saved') }, 2_500)
        await cache.invalidateQueries({ queryKey: ['macros'] })
        onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('macros.name')}
        name="name"
        required
        maxLength={100}
        defaultValue={macro?.name ?? ''}
        error={submit.problems['name']}
      />
      <TextArea
        label={t('macros.text')}
        name="text"
        rows={6}
        maxLength={10_000}
        defaultValue={macro?.text ?? ''}
        help={t('macros.textHelp', { variables })}
        error={submit.problems['text']}
      />
      {lead ? (
        <div className="flex gap-3 narrow:flex-col">
          <SelectField
            label={t('macros.visibleTo')}
            className="flex-1"
            value={visibleTo}
            options={(['all', 'team', 'me'] as const).map((who) => ({ value: who, label: t(`macros.who.${who}`) }))}
            onChange={({ target: { value } }) => setVisibleTo(value as Macro['visibleTo'])}
          />
          {visibleTo === 'team' ? (
            <SelectField
              label={t('macros.team')}
              name="teamId"
              className="flex-1"
              defaultValue={macro?.teamId ?? ''}
              options={[{ value: '', label: t('rules.pick') }, ...teams]}
              error={submit.problems['teamId']}
            />
          ) : null}
        </div>
      ) : null}
      <fieldset className="flex min-w-0 flex-col gap-2">
        <legend className="pb-1 text-sm font-medium">{t('macros.actions')}</legend>
        <p className="text-xs text-faint">{t('macros.actionsLead')}</p>
        <ActionRows actions={actions} types={types} problems={submit.problems} onChange={setActions} />
      </fieldset>
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}
