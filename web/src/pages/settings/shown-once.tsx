import { Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { TextField } from '../../components/field.tsx'

/** A secret the server will not say again. */
export function ShownOnce({ label, value, help }: { label: string; value: string; help: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <div className="flex items-end gap-2">
      <TextField
        label={label}
        value={value}
        readOnly
        help={help}
        className="flex-1"
        onFocus={(event) => event.target.select()}
      />
      <Button className="mb-5 h-9" onClick={() => void copy()}>
        <Copy className="size-4" />
        {t(copied ? 'did.copied' : 'message.copy')}
      </Button>
    </div>
  )
}
