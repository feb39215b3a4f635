import { useTranslation } from 'react-i18next'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import { Badge } from '../../components/badge.tsx'
import { useChange } from '../../data/change.ts'
import { languageName, useTopics } from '../../data/routing.ts'
import { levelName } from '../../data/why-words.ts'

/** What it asks of whoever takes it. */
export function RoutingFacts({ conversation }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation()
  const { tier, language, needsTranslation } = conversation
  return (
    <>
      <Topic conversation={conversation} />
      {tier > 1 ? (
        <>
          <dt className="text-faint">{t('facts.level')}</dt>
          <dd>{levelName(t, tier)}</dd>
        </>
      ) : null}
      {language ? (
        <>
          <dt className="text-faint">{t('facts.language')}</dt>
          <dd className="flex min-w-0 flex-wrap items-center gap-1.5">
            {languageName(language, i18n.language)}
            {needsTranslation ? <Badge tone="warning">{t('facts.translate')}</Badge> : null}
          </dd>
        </>
      ) : null}
    </>
  )
}

function Topic({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const topics = useTopics()
  const change = useChange()
  if (topics.length === 0) return null
  return (
    <>
      <dt className="pt-1 text-faint" id="topic-of-conversation">
        {t('facts.topic')}
      </dt>
      <dd className="min-w-0">
        <select
          aria-labelledby="topic-of-conversation"
          className="-ml-1.5 h-7 w-full rounded border border-transparent bg-transparent px-0.5 text-sm text-text hover:border-control-line touch:h-11"
          value={conversation.topicId ?? ''}
          onChange={(event) =>
            void change(conversation.id, { topicId: event.target.value || null }, t('facts.didTopic'))
          }
        >
          <option value="">{t('facts.noTopic')}</option>
          {topics.map((topic) => (
            <option key={topic.id} value={topic.id}>
              {topic.name}
            </option>
          ))}
        </select>
      </dd>
    </>
  )
}
