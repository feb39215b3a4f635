import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Assist } from '../../../../src/wire/bot.ts'
import { ListSkeleton } from '../../components/skeleton.tsx'
import { assistQuery } from '../../data/bot.ts'
import { useApi } from '../../data/services.ts'

interface AssistListProps {
  conversationId: string
  onText: (text: string) => void
  onBeside: (conversationId: string) => void
}

/** Answers, articles and cases like this one; arrows move, Enter takes. */
export function AssistList({ conversationId, ...wishes }: AssistListProps) {
  const { t } = useTranslation()
  const found = useQuery(assistQuery(useApi(), conversationId))
  if (found.isError) return <p className="p-3 text-sm text-danger">{t('assist.failed')}</p>
  if (!found.data) return <ListSkeleton rows={3} />
  const { replies, articles, similar } = found.data
  if (replies.length + articles.length + similar.length === 0) {
    return <p className="p-3 text-sm text-soft">{t('assist.none')}</p>
  }
  return <Found assist={found.data} {...wishes} />
}

function Found({ assist, onText, onBeside }: Omit<AssistListProps, 'conversationId'> & { assist: Assist }) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.querySelector('button')?.focus(), [])
  const titleOf = (articleId: string) => assist.articles.find(({ id }) => id === articleId)?.title ?? ''
  return (
    <div ref={box}>
      <Group title={t('assist.replies')} shown={assist.replies.length > 0}>
        {assist.replies.map(({ articleId, text }) => (
          <Choice key={articleId} does={t('assist.insert')} title={titleOf(articleId)} onChoose={() => onText(text)}>
            {text.split('\n')[0]}
          </Choice>
        ))}
      </Group>
      <Group title={t('assist.articles')} shown={assist.articles.length > 0}>
        {assist.articles.map(({ id, locale, title, summary, url }) => (
          <Choice
            key={id}
            lang={locale}
            does={t('assist.insertLink')}
            title={title}
            onChoose={() => onText(`[${title.replace(/[[\]\\]/g, '\\$&')}](${url})`)}
          >
            {summary}
          </Choice>
        ))}
      </Group>
      <Group title={t('assist.similar')} shown={assist.similar.length > 0}>
        {assist.similar.map(({ id, number, subject, preview, answer }) => (
          <Choice
            key={id}
            does={t('assist.beside')}
            title={`#${number} ${subject ?? preview}`}
            onChoose={() => onBeside(id)}
          >
            {answer}
          </Choice>
        ))}
      </Group>
    </div>
  )
}

function Group({ title, shown, children }: { title: string; shown: boolean; children: ReactNode }) {
  if (!shown) return null
  return (
    <section aria-label={title} className="pb-1">
      <h3 className="px-2 pt-2 pb-1 text-xs text-faint">{title}</h3>
      {children}
    </section>
  )
}

interface ChoiceProps {
  title: string
  /** What choosing does. */
  does: string
  lang?: string
  onChoose: () => void
  children: ReactNode
}

function Choice({ title, does, lang, onChoose, children }: ChoiceProps) {
  return (
    <button
      type="button"
      className="group flex w-full items-center gap-3 rounded px-2 py-1.5 text-left outline-none hover:bg-hover focus-visible:bg-hover focus-visible:ring-2 focus-visible:ring-focus touch:min-h-11"
      onClick={onChoose}
    >
      <span className="min-w-0 flex-1" lang={lang}>
        <span className="block truncate text-sm font-medium">{title}</span>
        <span className="line-clamp-2 text-xs text-soft">{children}</span>
      </span>
      <span className="shrink-0 text-xs text-accent-text opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 touch:opacity-100">
        {does}
      </span>
    </button>
  )
}
