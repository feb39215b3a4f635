import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ArticleText, ArticleVersion } from '../../../../src/wire/article.ts'
import { Badge, Notice } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useAgentName } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { dateAndTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'
import { TextChanges, wordsOf } from './text-changes.tsx'

interface HistoryDialogProps {
  open: boolean
  /** Of the text, in the API. */
  path: string
  /** What is being written. */
  text: ArticleText | undefined
  onClose: () => void
  onRestored: () => Promise<void>
}

export function HistoryDialog({ open, onClose, ...rest }: HistoryDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('articles.history')} width="max-w-3xl">
      <Versions {...rest} />
    </Dialog>
  )
}

type VersionsProps = Pick<HistoryDialogProps, 'path' | 'text' | 'onRestored'>

function Versions({ path, text, onRestored }: VersionsProps) {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const versions = useQuery({
    queryKey: ['article-versions', path],
    gcTime: 0,
    queryFn: ({ signal }) => api.get<{ items: ArticleVersion[] }>(`${path}/versions`, {}, signal),
  }).data?.items
  const restore = ({ number }: ArticleVersion) =>
    void submit.run(async () => {
      await api.send('POST', `${path}/versions/${number}/restore`)
      await onRestored()
    })
  if (versions?.length === 0) return <p className="text-sm text-soft">{t('articles.noVersions')}</p>
  return (
    <>
      {submit.problem ? <Notice tone="danger">{submit.problem}</Notice> : null}
      <ul className="flex flex-col divide-y divide-line">
        {versions?.map((version, place) => (
          <VersionLine
            key={version.number}
            version={version}
            before={versions[place + 1]}
            now={text}
            busy={submit.busy}
            onRestore={() => restore(version)}
          />
        ))}
      </ul>
    </>
  )
}

interface VersionLineProps {
  version: ArticleVersion
  /** undefined: this was the first. */
  before: ArticleVersion | undefined
  now: ArticleText | undefined
  busy: boolean
  onRestore: () => void
}

function VersionLine({ version, before, now, busy, onRestore }: VersionLineProps) {
  const { t, i18n } = useTranslation()
  const nameOf = useAgentName()
  const [shown, setShown] = useState<'made' | 'since' | null>(null)
  const same = now !== undefined && wordsOf(now) === wordsOf(version)
  const show = (what: 'made' | 'since') => () => setShown(shown === what ? null : what)
  return (
    <li className="flex flex-col gap-2 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm font-medium">{t('articles.version', { number: version.number })}</span>
        {version.current ? <Badge tone="success">{t('articles.versionCurrent')}</Badge> : null}
        <span className="min-w-40 flex-1 text-xs text-faint">
          {t('articles.versionBy', {
            by: nameOf(version.publishedBy.replace('agent:', '')) ?? version.publishedBy,
            time: dateAndTime(version.publishedAt, i18n.language),
          })}
        </span>
        <Button look="quiet" aria-expanded={shown === 'made'} onClick={show('made')}>
          {t('articles.changesMade')}
        </Button>
        {same ? null : (
          <>
            <Button look="quiet" aria-expanded={shown === 'since'} onClick={show('since')}>
              {t('articles.changesSince')}
            </Button>
            <Button busy={busy} onClick={onRestore}>
              {t('articles.restore')}
            </Button>
          </>
        )}
      </div>
      {shown === null ? <p className="text-sm text-soft">{version.title}</p> : null}
      {shown === 'made' ? <TextChanges before={before ? wordsOf(before) : ''} after={wordsOf(version)} /> : null}
      {shown === 'since' && now ? <TextChanges before={wordsOf(version)} after={wordsOf(now)} /> : null}
    </li>
  )
}
