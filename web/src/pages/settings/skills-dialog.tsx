import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '../../../../src/wire/agent.ts'
import type { Skills } from '../../../../src/wire/skills.ts'
import { Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { CheckField, TextField } from '../../components/field.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { languageName, languages, skillsQuery, useTopics } from '../../data/routing.ts'
import { useApi } from '../../data/services.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { ShiftRows } from './shift-rows.tsx'
import { SkillRows } from './skill-rows.tsx'

export function SkillsDialog({ agent, open, onClose }: { agent: Agent; open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('skills.title', { name: agent.name })} width="max-w-lg">
      {open ? <Loaded agent={agent} onDone={onClose} /> : null}
    </Dialog>
  )
}

function Loaded({ agent, onDone }: { agent: Agent; onDone: () => void }) {
  const { data, isFetching } = useQuery(skillsQuery(useApi(), agent.id))
  if (!data || isFetching) return <Skeleton className="h-40 w-full" />
  return <SkillsForm agent={agent} before={data} onDone={onDone} />
}

const tiers = [1, 2, 3] as const
const zones = (): string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')]

function SkillsForm({ agent, before, onDone }: { agent: Agent; before: Skills; onDone: () => void }) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const topics = useTopics()
  const [skills, setSkills] = useState(before)
  const put = (change: Partial<Skills>) => setSkills((now) => ({ ...now, ...change }))
  const submit = useSubmit(['capacity', 'timeZone'])
  const speech = languages.map((value) => ({ value, label: languageName(value, i18n.language) }))
  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={submit.onSubmit(async () => {
        await api.send('PATCH', `/agents/${agent.id}/skills`, skills)
        await cache.invalidateQueries({ queryKey: ['skills', agent.id] })
        onDone()
      })}
    >
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <TextField
        label={t('skills.capacity')}
        type="number"
        min={0}
        max={100}
        required
        value={skills.capacity}
        onChange={(event) => put({ capacity: Number(event.target.value) })}
        error={submit.problems['capacity']}
      />
      <fieldset>
        <legend className="pb-1 text-sm font-medium">{t('skills.levels')}</legend>
        <div className="flex flex-wrap gap-x-5">
          {tiers.map((tier) => (
            <CheckField
              key={tier}
              label={t(`skills.tier.${tier}`)}
              checked={skills.tiers.includes(tier)}
              onChange={(event) =>
                put({
                  tiers: tiers.filter((one) => (one === tier ? event.target.checked : skills.tiers.includes(one))),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <SkillRows
        label={t('skills.languages')}
        help={t('skills.languagesHelp')}
        options={speech}
        chosen={skills.languages.map(({ language, level }) => ({ value: language, level }))}
        onChange={(chosen) => put({ languages: chosen.map(({ value, level }) => ({ language: value, level })) })}
      />
      <SkillRows
        label={t('skills.topics')}
        help={t('skills.topicsHelp')}
        options={topics.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={skills.topics.map(({ topicId, level }) => ({ value: topicId, level }))}
        onChange={(chosen) => put({ topics: chosen.map(({ value, level }) => ({ topicId: value, level })) })}
      />
      <ShiftRows shifts={skills.shifts} onChange={(shifts) => put({ shifts })} />
      <TextField
        label={t('skills.timeZone')}
        list="time-zones"
        required
        value={skills.timeZone}
        onChange={(event) => put({ timeZone: event.target.value })}
        error={submit.problems['timeZone']}
      />
      <datalist id="time-zones">
        {zones().map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <Button look="primary" type="submit" busy={submit.busy} className="self-end">
        {t('common.save')}
      </Button>
    </form>
  )
}
