import { ImageUp } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/button.tsx'
import { useApi } from '../../../data/services.ts'
import { uploadFile } from '../../../data/upload.ts'
import { useSubmit } from '../../../data/use-submit.ts'

interface HelpLogoProps {
  logoId: string | null
  error: string | undefined
  onChange: (logoId: string | null) => void
}

/** Uploaded at once; it is the logo when the settings are saved. */
export function HelpLogo({ logoId, error, onChange }: HelpLogoProps) {
  const { t } = useTranslation()
  const api = useApi()
  const submit = useSubmit()
  const picker = useRef<HTMLInputElement>(null)
  const problem = error ?? submit.problem
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{t('helpSettings.logo')}</span>
      <div className="flex flex-wrap items-center gap-3">
        {logoId === null ? null : (
          <img
            src={`/api/v1/files/${logoId}`}
            alt={t('helpSettings.logo')}
            className="h-10 max-w-40 rounded border border-line bg-surface object-contain p-1"
          />
        )}
        <input
          ref={picker}
          type="file"
          accept="image/png,image/jpeg,image/webp"
          className="sr-only"
          tabIndex={-1}
          aria-label={t('helpSettings.chooseLogo')}
          onChange={(event) => {
            const file = event.target.files?.[0]
            event.target.value = ''
            if (!file) return
            void submit.run(async () =>
              onChange((await uploadFile(api, file, () => undefined, new AbortController().signal)).id),
            )
          }}
        />
        <Button busy={submit.busy} onClick={() => picker.current?.click()}>
          <ImageUp className="size-4" />
          {t('helpSettings.chooseLogo')}
        </Button>
        {logoId === null ? null : (
          <Button look="quiet" onClick={() => onChange(null)}>
            {t('helpSettings.removeLogo')}
          </Button>
        )}
      </div>
      {problem ? (
        <p role="alert" className="text-xs text-danger">
          {problem}
        </p>
      ) : null}
    </div>
  )
}
