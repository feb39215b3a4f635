import { useTranslation } from 'react-i18next'
import { useDesk, useMyId } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'

export function TypingLine({ id }: { id: string }) {
  const { t } = useTranslation()
  const typing = useStore(useDesk().signs.typing)[id] ?? []
  const myId = useMyId()
  const others = typing.filter((one) => one.type === 'contact' || one.id !== myId)
  const names = others.map((one) => one.name || t('contact.nameless')).join(', ')
  return (
    <p className="h-5 shrink-0 px-6 text-xs text-faint narrow:px-4" aria-live="polite">
      {others.length ? (
        <span className="pulse">{t('conversation.typing', { names, count: others.length })}</span>
      ) : null}
    </p>
  )
}
