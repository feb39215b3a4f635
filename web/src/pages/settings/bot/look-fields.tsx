import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { BotQuality } from '../../../../../src/wire/bot.ts'
import { Button } from '../../../components/button.tsx'
import { SelectField, TextField } from '../../../components/field.tsx'
import { type BotLook, lastDays } from '../../../data/bot.ts'
import { useInboxes } from '../../../data/directory.ts'
import { languageName } from '../../../data/routing.ts'

interface LookFieldsProps {
  look: BotLook
  quality: BotQuality | undefined
  onChange: (change: Partial<Record<keyof BotLook, string | undefined>>) => void
}

/** Which days, which inbox, whose language. */
export function LookFields({ look, quality, onChange }: LookFieldsProps) {
  const { t, i18n } = useTranslation()
  const inboxes = useInboxes()
  const usual = lastDays(30)
  const { from = usual.from, to = usual.to } = look
  const languages = [...new Set([look.language ?? null, ...(quality?.languages ?? []).map((one) => one.language)])]
  const title = quality?.articles.find(({ id }) => id === look.article)?.title ?? '…'
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          label={t('botPage.from')}
          type="date"
          value={from}
          max={to}
          className="w-40 narrow:w-[calc(50%-6px)]"
          onChange={({ target }) => target.value && onChange({ from: target.value })}
        />
        <TextField
          label={t('botPage.to')}
          type="date"
          value={to}
          min={from}
          className="w-40 narrow:w-[calc(50%-6px)]"
          onChange={({ target }) => target.value && onChange({ to: target.value })}
        />
        <span className="flex h-9 items-center gap-1">
          {[7, 30, 90].map((days) => {
            const span = lastDays(days)
            const on = span.from === from && span.to === to
            return (
              <Button key={days} look={on ? 'plain' : 'quiet'} aria-pressed={on} onClick={() => onChange(span)}>
                {t('botPage.lastDays', { count: days })}
              </Button>
            )
          })}
        </span>
        <SelectField
          label={t('botPage.inbox')}
          value={look.inbox ?? ''}
          className="w-48 narrow:w-[calc(50%-6px)]"
          onChange={({ target }) => onChange({ inbox: target.value || undefined })}
          options={[
            { value: '', label: t('botPage.every') },
            ...inboxes.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <SelectField
          label={t('botPage.language')}
          value={look.language ?? ''}
          className="w-40 narrow:w-[calc(50%-6px)]"
          onChange={({ target }) => onChange({ language: target.value || undefined })}
          options={[
            { value: '', label: t('botPage.every') },
            ...languages.flatMap((one) => (one ? [{ value: one, label: languageName(one, i18n.language) }] : [])),
          ]}
        />
      </div>
      {look.article ? (
        <p className="flex flex-wrap items-center gap-2 text-sm">
          {t('botPage.shownArticle', { title })}
          <Button onClick={() => onChange({ article: undefined })}>
            <X className="size-3.5" />
            {t('botPage.showAll')}
          </Button>
        </p>
      ) : null}
    </div>
  )
}
