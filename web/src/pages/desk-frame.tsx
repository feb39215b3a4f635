import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { Me } from '../../../src/wire/session.ts'
import { narrow, useMedia } from '../components/use-media.ts'
import { openDesk } from '../data/desk.ts'
import { type Desk, DeskContext, useApi, useGround } from '../data/services.ts'
import { become, meQuery } from '../data/session.ts'
import { AlarmBar } from './alarm-bar.tsx'
import { BottomBar } from './bottom-bar.tsx'
import { GlobalKeys } from './global-keys.tsx'
import { OutboxWatch } from './outbox-watch.tsx'
import { Rail } from './rail.tsx'

export function DeskFrame() {
  const { data: me } = useQuery(meQuery(useApi()))
  const router = useRouter()
  const signedIn = me !== null
  useEffect(() => {
    // Signed out here or elsewhere: the guard of these pages decides where to go.
    if (!signedIn) void router.invalidate()
  }, [signedIn, router])
  return me ? <Signed key={me.agent?.id ?? 'token'} me={me} /> : null
}

function Signed({ me }: { me: Me }) {
  const desk = useOpenDesk(me)
  const isNarrow = useMedia(narrow)
  if (!desk) return null
  return (
    <DeskContext value={{ ...desk, me }}>
      <GlobalKeys />
      <OutboxWatch />
      <div className="flex h-full flex-col">
        <AlarmBar />
        <div className="flex min-h-0 flex-1 narrow:flex-col">
          {isNarrow ? null : <Rail />}
          <div className="flex min-h-0 min-w-0 flex-1">
            <Outlet />
          </div>
          {isNarrow ? <BottomBar /> : null}
        </div>
      </div>
    </DeskContext>
  )
}

function useOpenDesk(me: Me): Desk | null {
  const { api } = useGround()
  const cache = useQueryClient()
  const [desk, setDesk] = useState<Desk | null>(null)
  // One desk for as long as this person is signed in; `me` itself may be refreshed.
  const [first] = useState(me)
  useEffect(() => {
    const made = openDesk(first, api, cache, () => become(cache, null))
    setDesk(made)
    return () => made.stop()
  }, [first, api, cache])
  return desk
}
