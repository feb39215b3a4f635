import { useTranslation } from 'react-i18next'
import { Avatar } from '../../components/avatar.tsx'
import { cx } from '../../components/cx.ts'
import { useColleagues } from './use-colleagues.ts'

/** Colleagues who have this conversation open, so that two do not answer. */
export function Viewers({ id }: { id: string }) {
  const { t } = useTranslation()
  const { here, writing } = useColleagues(id)
  if (here.length === 0) return null
  const said = writing.length > 0 ? writing : here
  const names = said.map(({ name }) => name).join(t('conversation.and'))
  const words = t(writing.length > 0 ? 'conversation.writing' : 'conversation.here', { names, count: said.length })
  return (
    <span className="flex min-w-0 shrink-0 items-center gap-1.5 pr-1" title={words}>
      <span className="flex -space-x-1.5">
        {here.slice(0, 3).map((viewer) => (
          <span
            key={viewer.id}
            className={cx(
              'rounded-full ring-2 ring-surface',
              writing.some(({ id: who }) => who === viewer.id) && 'pulse',
            )}
          >
            <Avatar name={viewer.name} size={24} />
          </span>
        ))}
      </span>
      <span className="max-w-44 truncate text-xs text-soft max-[1365px]:sr-only">{words}</span>
    </span>
  )
}
