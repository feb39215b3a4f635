import { useTranslation } from 'react-i18next'
import { Avatar } from '../../components/avatar.tsx'
import { useDesk, useMyId } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'

/** Colleagues who have this conversation open, so that two do not answer. */
export function Viewers({ id }: { id: string }) {
  const { t } = useTranslation()
  const all = useStore(useDesk().signs.viewers)[id] ?? []
  const myId = useMyId()
  const others = all.filter((viewer) => viewer.id !== myId)
  if (others.length === 0) return null
  const names = others.map((viewer) => viewer.name).join(', ')
  return (
    <span
      className="flex -space-x-1.5 pr-1"
      role="img"
      aria-label={t('conversation.lookingOn', { names })}
      title={t('conversation.lookingOn', { names })}
    >
      {others.slice(0, 3).map((viewer) => (
        <span key={viewer.id} className="rounded-full ring-2 ring-surface">
          <Avatar name={viewer.name} size={24} />
        </span>
      ))}
    </span>
  )
}
