import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotSuggestion } from '../../../../../src/wire/bot.ts'
import { Button } from '../../../components/button.tsx'
import { cx } from '../../../components/cx.ts'
import { TextField } from '../../../components/field.tsx'
import { useNow } from '../../../components/use-now.ts'
import { languageName } from '../../../data/routing.ts'
import { fullTime, shortTime } from '../../../data/time.ts'
import type { Decide } from './use-decide.ts'

interface SuggestionCardProps {
  item: BotSuggestion
  chosen: boolean
  rewording: boolean
  onChoose: () => void
  onReword: (open: boolean) => void
  decide: Decide
}

export function SuggestionCard({ item, chosen, rewording, onChoose, onReword, decide }: SuggestionCardProps) {
  const { t } = useTranslation()
  const draft = item.kind === 'draft'
  return (
    <li
      tabIndex={-1}
      data-suggestion={item.id}
      aria-current={chosen || undefined}
      onFocus={onChoose}
      className={cx(
        'flex flex-col gap-3 rounded-lg border p-4 outline-none',
        chosen ? 'border-accent bg-accent-soft/30' : 'border-line',
      )}
    >
      <Head item={item} />
      {item.asked === null ? (
        <p className="text-xs text-faint">{t('botPage.askedHidden')}</p>
      ) : (
        <Said title={t('botPage.asked')} text={item.asked} />
      )}
      <Said
        title={item.answeredBy ? t('botPage.answeredBy', { name: item.answeredBy }) : t('botPage.answeredByNobody')}
        text={item.answered}
      />
      {rewording ? (
        <Reword
          asked={item.asked ?? ''}
          onCancel={() => onReword(false)}
          onSave={(phrasing) => {
            onReword(false)
            void decide.accept(item, phrasing)
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button look={chosen ? 'primary' : 'plain'} onClick={() => void decide.accept(item)}>
            {t(draft ? 'botPage.begin' : 'botPage.accept')}
          </Button>
          {draft ? null : <Button onClick={() => onReword(true)}>{t('botPage.reword')}</Button>}
          <Button look="quiet" onClick={() => void decide.dismiss(item)}>
            {t('botPage.dismiss')}
          </Button>
        </div>
      )}
    </li>
  )
}

function Head({ item }: { item: BotSuggestion }) {
  const { t, i18n } = useTranslation()
  const now = useNow(60_000)
  return (
    <header className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-sm">
      <h3 className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">
        {item.article ? (
          <>
            {t('botPage.newPhrasing')}{' '}
            <Link
              to="/articles/$id"
              params={{ id: item.article.id }}
              search={{ locale: item.locale }}
              className="text-accent-text hover:underline"
            >
              {item.article.title}
            </Link>
          </>
        ) : (
          t('botPage.newDraft')
        )}
      </h3>
      <span className="text-xs text-faint">{languageName(item.locale, i18n.language)}</span>
      <Link
        to="/c/$id"
        params={{ id: item.conversationId }}
        aria-label={t('botPage.open', { number: item.number })}
        className="text-xs text-accent-text tabular-nums hover:underline"
      >
        #{item.number}
      </Link>
      <time className="text-xs text-faint" dateTime={item.createdAt} title={fullTime(item.createdAt, i18n.language)}>
        {shortTime(item.createdAt, now, i18n.language)}
      </time>
    </header>
  )
}

const longText = 400

/** Long ones are shortened until somebody wants all of it. */
function Said({ title, text }: { title: string; text: string }): ReactNode {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const long = text.length > longText || text.split('\n').length > 6
  return (
    <div className="border-l-2 border-line-strong pl-3">
      <p className="text-xs text-faint">{title}</p>
      <p
        dir="auto"
        className={cx('text-sm whitespace-pre-wrap [overflow-wrap:anywhere]', long && !open && 'line-clamp-6')}
      >
        {text}
      </p>
      {long ? (
        <button
          type="button"
          aria-expanded={open}
          className="min-h-6 text-xs text-accent-text hover:underline"
          onClick={() => setOpen(!open)}
        >
          {t(open ? 'botPage.less' : 'botPage.more')}
        </button>
      ) : null}
    </div>
  )
}

interface RewordProps {
  asked: string
  onSave: (phrasing: string) => void
  onCancel: () => void
}

function Reword({ asked, onSave, onCancel }: RewordProps) {
  const { t } = useTranslation()
  const [text, setText] = useState(asked.replace(/\s+/g, ' ').trim().slice(0, 200))
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim()) onSave(text.trim())
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel()
      }}
    >
      <TextField
        label={t('botPage.rewordLabel')}
        value={text}
        maxLength={200}
        autoFocus
        className="min-w-60 flex-1"
        onChange={({ target }) => setText(target.value)}
      />
      <Button look="primary" type="submit" className="h-9" disabled={!text.trim()}>
        {t('botPage.accept')}
      </Button>
      <Button className="h-9" onClick={onCancel}>
        {t('common.cancel')}
      </Button>
    </form>
  )
}
