import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../../../../src/wire/rule.ts'
import { Notice } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { CheckField, TextField } from '../../../components/field.tsx'
import { Skeleton } from '../../../components/skeleton.tsx'
import { actionTypes, bodyOf, draftOf, emptyDraft, type RuleDraft, writtenSoFar } from '../../../data/rule-draft.ts'
import { rulesQuery } from '../../../data/rule-names.ts'
import { useGround } from '../../../data/services.ts'
import { useSubmit } from '../../../data/use-submit.ts'
import { NotFound, PageProblem } from '../../page-problem.tsx'
import { Section, SettingsPage } from '../settings-page.tsx'
import { ActionRows } from './action-rows.tsx'
import { ConditionGroups } from './condition-groups.tsx'
import { EventFields } from './event-fields.tsx'
import { RuleTrial } from './rule-trial.tsx'

export function RulePage() {
  const { id } = useParams({ from: '/desk/settings/rules/$id' })
  const { api } = useGround()
  const rules = useQuery({ ...rulesQuery(api), enabled: id !== 'new' })
  if (id === 'new') return <Editor key="new" id={null} initial={emptyDraft()} broken={false} />
  if (rules.isError && !rules.data) return <PageProblem error={rules.error} reset={() => void rules.refetch()} />
  if (!rules.data) return <Skeleton className="m-8 h-40" />
  const rule = rules.data.find((one) => one.id === id)
  return rule ? <Editor key={id} id={id} initial={draftOf(rule)} broken={rule.missing.length > 0} /> : <NotFound />
}

interface EditorProps {
  id: string | null
  initial: RuleDraft
  broken: boolean
}

function Editor({ id, initial, broken }: EditorProps) {
  const { t } = useTranslation()
  const [draft, setDraft] = useState(initial)
  const change = (part: Partial<RuleDraft>) => setDraft((old) => ({ ...old, ...part }))
  const { submit, save } = useSave(id)
  return (
    <SettingsPage wide title={t(id === null ? 'rules.add' : 'rules.edit')}>
      {broken ? <Notice tone="warning">{t('rules.brokenLead')}</Notice> : null}
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <form className="flex min-w-0 flex-col gap-7" noValidate onSubmit={submit.onSubmit(() => save(draft))}>
          <TextField
            label={t('rules.name')}
            maxLength={100}
            value={draft.name}
            error={submit.problems['name']}
            onChange={({ target: { value } }) => change({ name: value })}
          />
          <EventFields event={draft.event} onChange={(event) => change({ event })} />
          <Section title={t('rules.conditionsTitle')}>
            <ConditionGroups draft={draft} problems={submit.problems} change={change} />
          </Section>
          <Section title={t('rules.actions.title')}>
            {draft.actions.length === 0 ? <p className="text-sm text-soft">{t('rules.actions.none')}</p> : null}
            <ActionRows
              actions={draft.actions}
              types={actionTypes}
              problems={submit.problems}
              onChange={(actions) => change({ actions })}
            />
            <CheckField
              label={t('rules.stops')}
              checked={draft.stops}
              onChange={({ target: { checked } }) => change({ stops: checked })}
            />
          </Section>
          <div className="flex flex-col gap-3">
            {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
            <Button look="primary" type="submit" busy={submit.busy} className="self-start">
              {t('common.save')}
            </Button>
          </div>
        </form>
        <RuleTrial drafts={[{ ...writtenSoFar(draft), ...(id ? { id } : {}) }]} event={draft.event.kind} />
      </div>
    </SettingsPage>
  )
}

function useSave(id: string | null) {
  const { t } = useTranslation()
  const { api, toasts } = useGround()
  const cache = useQueryClient()
  const navigate = useNavigate()
  const submit = useSubmit(['name', 'conditions', 'actions', 'event'])
  const save = async (draft: RuleDraft) => {
    await api.send<Rule>(id === null ? 'POST' : 'PATCH', id === null ? '/rules' : `/rules/${id}`, bodyOf(draft))
    toasts.show({ tone: 'plain', text: t('rules.saved') }, 2_500)
    await cache.invalidateQueries({ queryKey: ['rules'] })
    await navigate({ to: '/settings/rules' })
  }
  return { submit, save }
}
