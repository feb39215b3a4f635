import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTeams } from '../data/directory.ts'
import { useNext } from '../data/use-next.ts'
import { useKeys } from '../keys/use-keys.ts'

const askForHelp = 'tributary:shortcuts'

/** Opens the list of keys from anywhere. */
export function useShortcutHelp(): () => void {
  return () => window.dispatchEvent(new Event(askForHelp))
}

const ShortcutHelp = lazy(() => import('./shortcut-help.tsx').then((module) => ({ default: module.ShortcutHelp })))

export function GlobalKeys() {
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const takeNext = useNext()
  const firstTeam = useTeams()[0]
  const go = (view: string) => () => void navigate({ to: '/inbox/$view', params: { view } })
  useKeys({
    '?': () => setOpen(true),
    N: () => void takeNext(),
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
  return <Suspense>{open ? <ShortcutHelp onClose={() => setOpen(false)} /> : null}</Suspense>
}
