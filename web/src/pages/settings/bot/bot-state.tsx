import { useQuery } from '@tanstack/react-query'
import { CircleCheck, CircleOff, Hourglass, Plug, PlugZap } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotStatus } from '../../../../../src/wire/bot.ts'
import { Skeleton } from '../../../components/skeleton.tsx'
import { botStatusQuery, percent } from '../../../data/bot.ts'
import { useInboxes } from '../../../data/directory.ts'
import { languageName } from '../../../data/routing.ts'
import { useApi } from '../../../data/services.ts'
import { dateAndTime } from '../../../data/time.ts'

/** What it knows, how sure it may be, and whether its helper elsewhere is there. */
export function BotState() {
  const status = useQuery(botStatusQuery(useApi())).data
  return (
    <section className="flex flex-col gap-2 rounded-lg border border-line p-4 text-sm">
      {status ? <Lines status={status} /> : <Skeleton className="h-16 w-full" />}
    </section>
  )
}

const icons = { off: <CircleOff />, nothing: <CircleOff />, learning: <Hourglass />, ready: <CircleCheck /> }

function Lines({ status }: { status: BotStatus }) {
  const { t, i18n } = useTranslation()
  const { state, model, endpoint, inboxIds, articles, phrasings, languages } = status
  const inboxes = useInboxes()
  const names = listed(
    inboxIds.map((id) => inboxes.find((inbox) => inbox.id === id)?.name ?? '?'),
    i18n.language,
  )
  const spoken = listed(
    languages.map((one) => languageName(one, i18n.language)),
    i18n.language,
  )
  const helper = { host: endpoint.host ?? '', model: endpoint.model ?? '' }
  const well = endpoint.state === 'reachable' || endpoint.state === 'off'
  return (
    <>
      <Sentence icon={icons[state]} tone={state === 'ready' ? 'text-success' : 'text-faint'}>
        <strong className="font-medium">{t(`botPage.state.${state}`)}</strong>{' '}
        {inboxIds.length > 0 ? t('botPage.inboxes', { names }) : null}
      </Sentence>
      <Sentence>
        {articles > 0 ? t('botPage.knows', { count: phrasings, articles, languages: spoken }) : null}{' '}
        {model
          ? t('botPage.trained', { version: model.version, time: dateAndTime(model.madeAt, i18n.language) })
          : null}
      </Sentence>
      {model ? (
        <Sentence>
          {model.promise
            ? t('botPage.promise', {
                threshold: percent(model.promise.threshold, i18n.language),
                coverage: percent(model.promise.coverage, i18n.language),
                precision: percent(model.promise.precision, i18n.language),
              })
            : t('botPage.noPromise')}
        </Sentence>
      ) : null}
      <Sentence icon={well ? <Plug /> : <PlugZap />} tone={well ? 'text-faint' : 'text-warning'}>
        {t(`botPage.endpoint.${endpoint.state}`, helper)}
      </Sentence>
    </>
  )
}

function Sentence({ icon, tone = '', children }: { icon?: ReactNode; tone?: string; children: ReactNode }) {
  return (
    <p className="flex gap-2.5 text-soft [&:first-child]:text-text">
      <span aria-hidden="true" className={`mt-0.5 w-4 shrink-0 [&>svg]:size-4 ${tone}`}>
        {icon}
      </span>
      <span className="min-w-0 [overflow-wrap:anywhere]">{children}</span>
    </p>
  )
}

function listed(names: readonly string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(names)
}
