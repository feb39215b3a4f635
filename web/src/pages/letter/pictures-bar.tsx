import { Image, ImageOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

interface PicturesBarProps {
  /** Pictures that lie elsewhere. */
  count: number
  shown: boolean
  /** What the server says of the sender; null: nobody vouches for the sender. */
  standing: 'always' | 'offered' | null
  onShow: () => void
  onAlways: (always: boolean) => void
}

/** Above a mail whose pictures lie elsewhere: that they are blocked and what to do, or that they are always shown. */
export function PicturesBar({ count, shown, standing, onShow, onAlways }: PicturesBarProps) {
  const { t } = useTranslation()
  if (count === 0 || (shown && standing !== 'always')) return null
  const Icon = shown ? Image : ImageOff
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded bg-pressed px-2.5 py-1 text-xs text-soft">
      <span className="flex min-w-0 flex-1 basis-52 items-center gap-2">
        <Icon aria-hidden="true" className="size-3.5 shrink-0" />
        {shown ? t('letter.alwaysShown') : t('letter.blocked', { count })}
      </span>
      <span className="flex flex-wrap gap-x-3">
        {shown ? (
          <BarButton onClick={() => onAlways(false)}>{t('letter.stopShowing')}</BarButton>
        ) : (
          <BarButton onClick={onShow}>{t('letter.showOnce')}</BarButton>
        )}
        {!shown && standing === 'offered' ? (
          <BarButton onClick={() => onAlways(true)}>{t('letter.showAlways')}</BarButton>
        ) : null}
      </span>
    </p>
  )
}

function BarButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      className="min-h-6 rounded px-1 font-medium text-accent-text underline underline-offset-2 touch:min-h-11"
      onClick={onClick}
    >
      {children}
    </button>
  )
}
