import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MadeProgressLink, ProgressLink, ProgressLinks } from '../../../../src/wire/progress.ts'
import { Button } from '../../components/button.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { TextField } from '../../components/field.tsx'
import type { Api } from '../../data/api.ts'
import { useAgentName } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { dateAndTime } from '../../data/time.ts'
import { useSubmit } from '../../data/use-submit.ts'

const linksQuery = (api: Api, id: string) =>
  queryOptions<ProgressLinks>({
    queryKey: ['progress-links', id],
    queryFn: ({ signal }) => api.get(`/conversations/${id}/progress-links`, {}, signal),
    staleTime: 0,
  })

interface ProgressDialogProps {
  conversationId: string
  open: boolean
  onClose: () => void
}

/** The addresses under which the customer sees this conversation without signing in. */
export function ProgressDialog({ conversationId, open, onClose }: ProgressDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog open={open} onClose={onClose} title={t('progress.title')} description={t('progress.help')} width="max-w-lg">
      <Links conversationId={conversationId} />
    </Dialog>
  )
}

function Links({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const api = useApi()
  const cache = useQueryClient()
  const { data } = useQuery(linksQuery(api, conversationId))
  const submit = useSubmit()
  const [made, setMade] = useState<MadeProgressLink | null>(null)
  const again = () => cache.invalidateQueries({ queryKey: ['progress-links', conversationId] })
  const make = async () => {
    setMade(await api.send<MadeProgressLink>('POST', `/conversations/${conversationId}/progress-links`))
    await again()
  }
  const revoke = async (link: ProgressLink) => {
    await api.send('DELETE', `/progress-links/${link.id}`)
    if (made?.id === link.id) setMade(null)
    await again()
  }
  if (!data) return null
  return (
    <div className="flex flex-col gap-4">
      {submit.problem ? (
        <p role="alert" className="text-danger">
          {submit.problem}
        </p>
      ) : null}
      {made ? <Made url={made.url} /> : null}
      {data.possible ? (
        <Button className="self-start" busy={submit.busy} onClick={() => void submit.run(make)}>
          {t('progress.make')}
        </Button>
      ) : (
        <p className="text-soft">{t('progress.impossible')}</p>
      )}
      {data.items.length === 0 ? <p className="text-sm text-soft">{t('progress.none')}</p> : null}
      <ul className="flex flex-col">
        {data.items.map((link) => (
          <Row key={link.id} link={link} onRevoke={() => void submit.run(() => revoke(link))} />
        ))}
      </ul>
    </div>
  )
}

function Row({ link, onRevoke }: { link: ProgressLink; onRevoke: () => void }) {
  const { t, i18n } = useTranslation()
  const nameOf = useAgentName()
  const [kind, id] = link.createdBy.split(':')
  const by =
    kind === 'system' ? t('progress.byUs') : t('progress.by', { name: nameOf(id ?? '') ?? t('progress.somebody') })
  return (
    <li className="flex min-h-11 items-center gap-3 border-line border-t py-1.5 text-sm">
      <span className="min-w-0 flex-1">
        {by}
        <span className="block text-xs text-soft">{dateAndTime(link.createdAt, i18n.language)}</span>
      </span>
      {link.revokedAt === null ? (
        <Button onClick={onRevoke}>{t('progress.revoke')}</Button>
      ) : (
        <span className="text-soft">{t('progress.revoked')}</span>
      )}
    </li>
  )
}

function Made({ url }: { url: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(url)
    setCopied(true)
  }
  return (
    <div className="flex items-end gap-2">
      <TextField
        label={t('progress.address')}
        help={t('progress.once')}
        value={url}
        readOnly
        className="flex-1"
        onFocus={(event) => event.target.select()}
      />
      <Button className="mb-5.5 h-9" onClick={() => void copy()}>
        {t(copied ? 'did.copied' : 'message.copy')}
      </Button>
    </div>
  )
}
