import { useQuery } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../../src/wire/contact.ts'
import type { Conversation, ConversationDetail } from '../../../../src/wire/conversation.ts'
import { Avatar } from '../../components/avatar.tsx'
import { Badge } from '../../components/badge.tsx'
import { Button } from '../../components/button.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { contactQuery, useFollow } from '../../data/contact.ts'
import { useAgentName } from '../../data/directory.ts'
import { useApi } from '../../data/services.ts'
import { Account } from './account.tsx'
import { PersonMenu } from './person-menu.tsx'
import { PersonName } from './person-name.tsx'
import { SamePerson } from './same-person.tsx'

interface PersonProps {
  conversation: Conversation
  detail: ConversationDetail | undefined
}

/** Who this is, on which accounts, and who else may be the same. */
export function Person({ conversation, detail }: PersonProps) {
  const { t } = useTranslation()
  const id = conversation.contact?.id
  const {
    data: contact,
    isError,
    refetch,
  } = useQuery({ ...contactQuery(useApi(), id ?? ''), enabled: id !== undefined })
  useFollow(id, conversation.version)
  const name = contact?.name ?? conversation.contact?.name ?? ''
  return (
    <section aria-label={name || t('contact.nameless')} className="flex flex-col gap-3 border-b border-line p-4">
      <div className="flex items-center gap-3">
        <Avatar name={name} id={id} picture={contact?.picture} size={40} />
        {contact && !contact.erasedAt ? (
          <PersonName contact={contact} />
        ) : (
          <p className="min-w-0 flex-1 truncate font-semibold">
            {contact?.erasedAt ? t('person.erased') : name || t('contact.nameless')}
          </p>
        )}
        {contact && !contact.erasedAt ? <PersonMenu contact={contact} /> : null}
      </div>
      {contact && (contact.vip || contact.ownerIds.length > 0) ? <Standing contact={contact} /> : null}
      {contact?.erasedAt ? <p className="text-sm text-soft">{t('person.erasedHelp')}</p> : null}
      {contact || isError || id === undefined ? null : <Skeleton className="h-4 w-3/5" />}
      {isError && !contact ? (
        <p role="alert" className="flex items-center justify-between gap-2 text-sm text-soft">
          {t('person.notLoaded')}
          <Button look="quiet" onClick={() => void refetch()}>
            {t('common.tryAgain')}
          </Button>
        </p>
      ) : null}
      <ul className="flex flex-col gap-2 text-sm text-soft">
        {contact?.erasedAt
          ? null
          : contact?.identities.map((account) => <Account key={account.id} account={account} />)}
        {detail?.reachedAt && !detail.reachedAt.confirmed ? (
          <li className="flex items-center gap-2">
            <Mail aria-hidden="true" className="size-4 shrink-0" />
            <span className="min-w-0 flex-1 truncate">{detail.reachedAt.address}</span>
            <span className="text-xs text-faint">{t('contact.asked')}</span>
          </li>
        ) : null}
      </ul>
      {contact && !contact.erasedAt ? (
        <SamePerson contact={contact} canAsk={conversation.audience === 'private'} />
      ) : null}
    </section>
  )
}

/** Why they go first. */
function Standing({ contact }: { contact: Contact }) {
  const { t } = useTranslation()
  const agentName = useAgentName()
  const names = contact.ownerIds.map((id) => agentName(id) ?? '?').join(t('conversation.and'))
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
      {contact.vip ? <Badge tone="accent">{t('first.badge')}</Badge> : null}
      {names ? t('first.ownedBy', { names }) : null}
    </p>
  )
}
