import { Ban, Gauge } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Capabilities } from '../../../../src/wire/channel.ts'
import type { Conversation } from '../../../../src/wire/conversation.ts'
import type { BudgetLeft } from '../../../../src/wire/inbox.ts'
import { useChannelName } from '../../data/channel-words.ts'
import { useHealth } from '../../data/health.ts'
import { useSaid } from '../../data/said.ts'
import { soon } from '../../data/time.ts'

/** Below this share of what may be sent it is said. */
const scarce = 0.2

/** What the place itself says of sending there: that it cannot be, or how much of it is left. */
export function PlaceLines({ conversation, can }: { conversation: Conversation; can: Capabilities | null }) {
  const said = useSaid(conversation.channel)
  if (!can) return null
  if (can.closed) {
    return (
      <p role="note" className="flex items-start gap-1.5 px-3.5 pt-2 text-sm text-warning">
        <Ban aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        {said(can.closed)}
      </p>
    )
  }
  return can.budgets?.length ? <Budgets conversation={conversation} budgets={can.budgets} /> : null
}

function Budgets({ conversation, budgets }: { conversation: Conversation; budgets: Capabilities['budgets'] }) {
  const { t, i18n } = useTranslation()
  const said = useSaid(conversation.channel)
  const channel = useChannelName()(conversation.channel)
  const health = useHealth(conversation.inboxId, 20_000)
  const least = leastLeft(health?.budgets ?? [], new Set(budgets?.map(({ name }) => name)))
  if (!least?.until) return null
  const words = { channel, n: least.left, what: said(least.name), time: soon(least.until, i18n.language) }
  return (
    <p role="status" className="flex items-center gap-1.5 px-3.5 pt-2 text-xs text-warning">
      <Gauge aria-hidden="true" className="size-3.5 shrink-0" />
      {least.left > 0 ? t('composer.budget', words) : t('composer.budgetSpent', words)}
    </p>
  )
}

/** The one that ends first, where any of them is nearly spent. */
export function leastLeft(all: readonly BudgetLeft[], names: ReadonlySet<string>): BudgetLeft | undefined {
  const near = all.filter(({ name, left, max }) => names.has(name) && left < max * scarce)
  return near.toSorted((a, b) => a.left - b.left || (b.until ?? '').localeCompare(a.until ?? ''))[0]
}
