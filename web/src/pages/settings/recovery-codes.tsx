import { Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'

/** The server will not say them again. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const text = `${codes.join('\n')}\n`
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-soft">{t('factor.keep')}</p>
      <ul aria-label={t('factor.codes')} className="grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => void copy()}>
          <Copy className="size-4" />
          {t(copied ? 'did.copied' : 'message.copy')}
        </Button>
        <Button onClick={() => save(text)}>
          <Download className="size-4" />
          {t('factor.download')}
        </Button>
        <Button look="primary" className="ml-auto" onClick={onDone}>
          {t('factor.done')}
        </Button>
      </div>
    </div>
  )
}

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'tributary-recovery-codes.txt'
  link.click()
  URL.revokeObjectURL(url)
}
