import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BotQuality, BotTurnKind } from '../../../../../src/wire/bot.ts'
import { Notice } from '../../../components/badge.tsx'
import { ListSkeleton } from '../../../components/skeleton.tsx'
import { type BotLook, botQualityQuery } from '../../../data/bot.ts'
import { useApi } from '../../../data/services.ts'
import { SettingsPage } from '../settings-page.tsx'
import { BotState } from './bot-state.tsx'
import { BotTabs } from './bot-tabs.tsx'
import { LookFields } from './look-fields.tsx'
import { Numbers } from './numbers.tsx'
import { ArticleTable, ReasonList, ShareTables } from './tables.tsx'
import { TurnsDialog } from './turns-dialog.tsx'

/** How well the bot does: every number opens what it counts. */
export function BotPage() {
  const { t } = useTranslation()
  const look = useSearch({ from: '/desk/settings/bot' })
  const navigate = useNavigate()
  const quality = useQuery(botQualityQuery(useApi(), look))
  const show = (change: Partial<Record<keyof BotLook, string | undefined>>) =>
    void navigate({ to: '/settings/bot', search: { ...look, ...change } as BotLook })
  const open = (what: BotTurnKind, more: { reason?: string; article?: string } = {}) => show({ what, ...more })
  const { data } = quality
  const shown = look.what && data ? countOf(data, look) : null
  return (
    <SettingsPage title={t('botPage.title')} lead={t('botPage.lead')} wide>
      <BotTabs at="quality" />
      <BotState />
      <LookFields look={look} quality={data} onChange={show} />
      {quality.isError && !data ? <Notice tone="danger">{t('error.offline')}</Notice> : null}
      {data ? (
        <Found quality={data} onOpen={open} onLook={show} />
      ) : quality.isPending ? (
        <ListSkeleton rows={4} />
      ) : null}
      <TurnsDialog look={look} count={shown} onClose={() => show({ what: undefined, reason: undefined })} />
    </SettingsPage>
  )
}

interface FoundProps {
  quality: BotQuality
  onOpen: (what: BotTurnKind, more?: { reason?: string; article?: string }) => void
  onLook: (change: { inbox?: string; language?: string }) => void
}

function Found({ quality, onOpen, onLook }: FoundProps) {
  const { t } = useTranslation()
  if (quality.asked === 0) return <p className="text-soft">{t('botPage.none')}</p>
  return (
    <>
      <Numbers quality={quality} onOpen={onOpen} />
      <ReasonList quality={quality} onOpen={(reason) => onOpen('handedOver', { reason })} />
      <ArticleTable quality={quality} onOpen={onOpen} />
      <ShareTables quality={quality} onLook={onLook} />
    </>
  )
}

function countOf(quality: BotQuality, { what, reason }: BotLook): number {
  if (reason !== undefined) return quality.reasons.find((one) => one.reason === reason)?.count ?? 0
  return what === undefined ? 0 : quality[what]
}
