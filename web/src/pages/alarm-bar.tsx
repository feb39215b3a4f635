import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Unplug } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Alarm } from '../../../src/wire/alarm.ts'
import { useNow } from '../components/use-now.ts'
import { useApi, useDesk } from '../data/services.ts'
import { span } from '../data/time.ts'

const again = 30_000
const linkLook = 'shrink-0 font-medium underline underline-offset-2'

/** For those who can mend it, or know who can. */
export function AlarmBar() {
  const { me } = useDesk()
  const lead = me.agent?.role !== 'agent'
  return lead ? <OpenAlarms /> : null
}

function OpenAlarms() {
  const { t, i18n } = useTranslation()
  const api = useApi()
  const now = useNow()
  const alarms = useQuery({
    // Below the inboxes: a hint that one of them changed asks for this afresh as well.
    queryKey: ['inboxes', 'alarms'],
    refetchInterval: again,
    queryFn: async ({ signal }) => (await api.get<{ items: Alarm[] }>('/alarms', {}, signal)).items,
  }).data
  const [first] = alarms ?? []
  if (!first || !alarms) return null
  const time = span(now.getTime() - Date.parse(first.since), i18n.language)
  return (
    <div role="status" className="flex items-center gap-2.5 bg-warning-soft px-4 py-1.5 text-sm text-warning">
      <Unplug aria-hidden="true" className="size-4 shrink-0" />
      <span className="min-w-0 truncate narrow:line-clamp-2 narrow:whitespace-normal">
        {alarms.length === 1
          ? t('alarm.one', { name: first.inboxName, time })
          : t('alarm.many', { count: alarms.length, time })}
      </span>
      {alarms.length === 1 ? (
        <Link to="/settings/inboxes/$id" params={{ id: first.inboxId }} className={linkLook}>
          {t('alarm.look')}
        </Link>
      ) : (
        <Link to="/settings/inboxes" className={linkLook}>
          {t('alarm.look')}
        </Link>
      )}
    </div>
  )
}
