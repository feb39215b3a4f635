import { PenLine } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { cx } from '../../components/cx.ts'
import { useDesk } from '../../data/services.ts'
import { useStore } from '../../data/store.ts'
import { useColleagues } from './use-colleagues.ts'

/** Above the composer, always as high: what somebody else is writing right now. A colleague's reply is a warning. */
export function TypingLine({ id }: { id: string }) {
  const { t } = useTranslation()
  const typing = useStore(useDesk().signs.typing)[id] ?? []
  const { writing } = useColleagues(id)
  const customers = typing.filter((one) => one.type === 'contact').map((one) => one.name || t('contact.nameless'))
  const replying = writing.filter((one) => !one.note).map(({ name }) => name)
  const noting = writing.filter((one) => one.note).map(({ name }) => name)
  const say = (key: 'typing' | 'writingReply' | 'writingNote', people: string[]) =>
    people.length > 0 && t(`conversation.${key}`, { names: people.join(t('conversation.and')), count: people.length })
  return (
    <p
      className={cx(
        'mx-auto flex h-5 w-full max-w-[860px] shrink-0 items-center gap-3 px-6 text-xs narrow:px-4',
        replying.length > 0 ? 'text-warning' : 'text-faint',
      )}
      aria-live="polite"
    >
      {replying.length > 0 ? (
        <span className="inline-flex min-w-0 items-center gap-1.5 font-medium">
          <PenLine aria-hidden="true" className="size-3.5 shrink-0" />
          <span className="truncate">{say('writingReply', replying)}</span>
        </span>
      ) : null}
      {noting.length > 0 ? <span className="truncate text-faint">{say('writingNote', noting)}</span> : null}
      {customers.length > 0 ? <span className="pulse truncate text-faint">{say('typing', customers)}</span> : null}
    </p>
  )
}
