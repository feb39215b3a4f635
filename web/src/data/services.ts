import { createContext, useContext } from 'react'
import type { Me } from '../../../src/wire/session.ts'
import type { Api } from './api.ts'
import type { Live } from './live.ts'
import type { LiveSigns } from './live-signs.ts'
import type { Outbox } from './outbox.ts'
import type { Preferences } from './preferences.ts'
import { type Store, useStore } from './store.ts'
import type { Toasts } from './toasts.ts'

/** There before anybody signed in. */
export interface Ground {
  readonly api: Api
  readonly preferences: Store<Preferences>
  readonly toasts: Toasts
}

/** What a signed-in page stands on; made anew for each session. */
export interface Desk {
  readonly me: Me
  readonly live: Live
  readonly signs: LiveSigns
  readonly outbox: Outbox
}

export const GroundContext = createContext<Ground | null>(null)
export const DeskContext = createContext<Desk | null>(null)

export function useGround(): Ground {
  const ground = useContext(GroundContext)
  if (!ground) throw new Error('No ground around this component')
  return ground
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('No desk around this component')
  return desk
}

export function useApi(): Api {
  return useGround().api
}

export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const { preferences } = useGround()
  return [useStore(preferences), (change) => preferences.set((old) => ({ ...old, ...change }))]
}

export function useMyId(): string | null {
  return useDesk().me.agent?.id ?? null
}
