import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Message, MessageVersion } from '../../../../src/wire/message.ts'
import { Dialog } from '../../components/dialog.tsx'
import { useApi } from '../../data/services.ts'
import { fullTime } from '../../data/time.ts'
import { PlainText } from './message-text.tsx'

interface VersionsDialogProps {
  message: Message
  open: boolean
  onClose: () => void
}

export function VersionsDialog({ message, open, onClose }: VersionsDialogProps) {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const versions = useQuery({
    queryKey: ['versions', message.id, message.editedAt],
    enabled: open,
    queryFn: ({ signal }) => api.get<{ items: MessageVersion[] }>(`/messages/${message.id}/versions`, {}, signal),
  })
  return (
    <Dialog open={open} onClose={onClose} title={t('message.versions')}>
      <ol className="flex flex-col gap-4">
        {versions.data?.items.map((version) => (
          <li key={version.version} className="border-l-2 border-line-strong pl-3">
            <p className="pb-0.5 text-xs text-faint">{fullTime(version.at, i18n.language)}</p>
            <PlainText text={version.text} />
          </li>
        ))}
      </ol>
      {versions.isError ? <p className="text-danger">{t('error.offline')}</p> : null}
    </Dialog>
  )
}
