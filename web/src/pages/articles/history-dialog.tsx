import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ArticleVersion } from '../../../../src/wire/article.ts'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { useAgentName } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { dateAndTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'

interface HistoryDialogProps {
  open: boolean
  /** Of the text, in the API. */
  path: string
  onClose: () => void
  onRestored: () => Promise<void>
}

export function HistoryDialog({ open, path, onClose, onRestored }: HistoryDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('articles.history')} width="max-w-2xl">
      <Versions path={path} onRestored={onRestored} />
    </Dialog>
  )
}

function Versions({ path, onRestored }: Pick<HistoryDialogProps, 'path' | 'onRestored'>) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const nameOf = useAgentName()
  const versions = useQuery({
    queryKey: ['article-versions', path],
    gcTime: 0,
    queryFn: ({ signal }) => api.get<{ items: ArticleVersion[] }>(`${path}/versions`, {}, signal),
  }).data?.items
  return (
    <ul className="flex flex-col divide-y divide-line">
      {versions?.map((version) => (
        <li key={version.number} className="flex flex-col gap-1 py-3">
          <div className="flex flex-wrap items-center gap-2">
            <span className="text-sm font-medium">{t('articles.version', { number: version.number })}</span>
            {version.current ? <Badge tone="success">{t('articles.versionCurrent')}</Badge> : null}
            <span className="flex-1 text-xs text-faint">
              {t('articles.versionBy', {
                by: nameOf(version.publishedBy.replace('agent:', '')) ?? version.publishedBy,
                time: dateAndTime(version.publishedAt, i18n.language),
              })}
            </span>
            <Button
              busy={submit.busy}
              onClick={() =>
                void submit.run(async () => {
                  await api.send('POST', `${path}/versions/${version.number}/restore`)
                  await onRestored()
                })
              }
            >
              {t('articles.restore')}
            </Button>
          </div>
          <p className="text-sm font-medium">{version.title}</p>
          <p className="line-clamp-4 text-sm whitespace-pre-wrap text-soft">{version.body}</p>
        </li>
      ))}
    </ul>
  )
}
