import { Copy, ExternalLink } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { useGround } from '../../data/services.ts'

export function Snippet({ inboxId }: { inboxId: string }) {
  const { t } = useTranslation()
  const { toasts } = useGround()
  const code = `<script src="${location.origin}/widget.js" data-inbox="${inboxId}" async></script>`
  const copy = async () => {
    await navigator.clipboard.writeText(code)
    toasts.show({ tone: 'plain', text: t('did.copied') }, 2_500)
  }
  return (
    <div className="flex flex-col gap-2">
      <pre className="overflow-x-auto rounded-lg bg-ground p-3 font-mono text-xs">
        <code>{code}</code>
      </pre>
      <div className="flex gap-2">
        <Button onClick={() => void copy()}>
          <Copy className="size-4" />
          {t('message.copy')}
        </Button>
        <a
          href={`/demo?inbox=${inboxId}`}
          target="_blank"
          rel="noopener"
          className="inline-flex h-8 items-center gap-1.5 rounded px-3 text-sm text-soft hover:bg-hover hover:text-text touch:h-11"
        >
          <ExternalLink className="size-4" />
          {t('inbox.demo')}
        </a>
      </div>
    </div>
  )
}
