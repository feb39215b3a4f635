import { useTranslation } from 'react-i18next'
import type { ConversationDetail } from '../../../../src/wire/conversation.ts'
import type { SlaPolicy } from '../../../../src/wire/sla-policy.ts'
import { DueSign } from '../../components/due-sign.tsx'
import { useChange } from '../../data/change.ts'
import { shortSpan, useSlaPolicies } from '../../data/due.ts'

/** What is promised here, and by which response times: another choice says what it promises before it is made. */
export function PromisedTimes({ detail }: { detail: ConversationDetail | undefined }) {
  const { t } = useTranslation()
  const policies = useSlaPolicies()
  if (!detail || (policies.length === 0 && detail.promises.length === 0)) return null
  return (
    <>
      {detail.promises.length > 0 ? (
        <>
          <dt className="text-faint">{t('due.title')}</dt>
          <dd className="flex min-w-0 flex-col gap-1">
            {detail.promises.map(({ kind, dueAt }) =>
              dueAt === null ? (
                <span key={kind} className="text-xs text-faint">
                  {t(`due.${kind}.still`)}
                </span>
              ) : (
                <DueSign key={kind} due={{ kind, at: dueAt }} />
              ),
            )}
          </dd>
        </>
      ) : null}
      {policies.length > 0 ? <Chosen detail={detail} policies={policies} /> : null}
    </>
  )
}

function Chosen({ detail, policies }: { detail: ConversationDetail; policies: readonly SlaPolicy[] }) {
  const { t } = useTranslation()
  const change = useChange()
  const usual = usualOf(detail, policies)
  const terms = useTerms(detail)
  const says = (name: string, policy: SlaPolicy | undefined) =>
    [name, policy ? terms(policy) : ''].filter(Boolean).join(' · ')
  // One that was deleted promises nothing any more: what is usual holds again.
  const own = policies.some(({ id }) => id === detail.slaPolicyId) ? (detail.slaPolicyId ?? '') : ''
  return (
    <>
      <dt className="pt-1 text-faint" id="times-of-conversation">
        {t('due.times')}
      </dt>
      <dd className="min-w-0">
        <select
          aria-labelledby="times-of-conversation"
          className="-ml-1.5 h-7 w-full rounded border border-transparent bg-transparent px-0.5 text-sm text-text hover:border-control-line touch:h-11"
          value={own}
          onChange={(event) => void change(detail.id, { slaPolicyId: event.target.value || null }, t('due.didTimes'))}
        >
          <option value="">
            {says(usual ? t('due.usualNamed', { name: usual.name }) : t('due.usualNone'), usual)}
          </option>
          {policies.map((policy) => (
            <option key={policy.id} value={policy.id}>
              {says(policy.name, policy)}
            </option>
          ))}
        </select>
      </dd>
    </>
  )
}

/** Its team's, its inbox's, or the usual one: what holds while it has none of its own. */
function usualOf({ teamId, inboxId }: ConversationDetail, policies: readonly SlaPolicy[]): SlaPolicy | undefined {
  return (
    policies.find(({ teamIds }) => teamId !== null && teamIds.includes(teamId)) ??
    policies.find(({ inboxIds }) => inboxIds.includes(inboxId)) ??
    policies.find(({ isDefault }) => isDefault)
  )
}

/** What would be promised at its priority, in a few words. */
function useTerms({ priority }: ConversationDetail): (policy: SlaPolicy) => string {
  const { t, i18n } = useTranslation()
  return ({ targets }) =>
    (['firstResponse', 'nextResponse', 'resolution'] as const)
      .flatMap((kind) => {
        const minutes = targets[kind]?.[priority]
        return minutes ? [t(`due.short.${kind}`, { time: shortSpan(minutes * 60_000, i18n.language) })] : []
      })
      .join(', ')
}
