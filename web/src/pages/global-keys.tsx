import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../components/dialog.tsx'
import { Keys } from '../components/keys.tsx'
import { useTeams } from '../data/directory.ts'
import { useKeys } from '../keys/use-keys.ts'

const askForHelp = 'tributary:shortcuts'

/** Opens the list of keys from anywhere. */
export function useShortcutHelp(): () => void {
  return () => window.dispatchEvent(new Event(askForHelp))
}

const groups = [
  ['move', ['j', 'k', 'Enter', 'u', 'g m', 'g u', 'g t', 'g a']],
  ['act', ['r', 'n', 'e', 's', 'i', 'a', 't', 'p', ']']],
  ['write', ['Ctrl Enter', 'Ctrl Shift Enter', 'Esc']],
] as const

export function GlobalKeys() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const firstTeam = useTeams()[0]
  const go = (view: string) => () => void navigate({ to: '/inbox/$view', params: { view } })
  useKeys({
    '?': () => setOpen(true),
    'g m': go('mine'),
    'g u': go('unassigned'),
    'g a': go('all'),
    'g t': firstTeam ? go(`team-${firstTeam.id}`) : undefined,
  })
  useEffect(() => {
    const show = () => setOpen(true)
    window.addEventListener(askForHelp, show)
    return () => window.removeEventListener(askForHelp, show)
  }, [])
  return (
    <Dialog open={open} onClose={() => setOpen(false)} title={t('keys.title')} width="max-w-2xl">
      <div className="grid gap-x-10 gap-y-5 sm:grid-cols-2">
        {groups.map(([group, keys]) => (
          <section key={group}>
            <h3 className="pb-1 text-xs text-faint">{t(`keys.${group}`)}</h3>
            <dl className="flex flex-col gap-1">
              {keys.map((key) => (
                <div key={key} className="flex h-7 items-center justify-between gap-4 text-sm">
                  <dt>{t(`keys.of.${key}`)}</dt>
                  <dd>
                    <Keys keys={key} />
                    <span className="sr-only">{key}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
