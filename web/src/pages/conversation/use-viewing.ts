import { useEffect } from 'react'
import { useDesk } from '../../data/services.ts'

/** A page behind others for so long is not being looked at. */
const hiddenMs = 60_000

/** Tells colleagues that this conversation is on the screen here. */
export function useViewing(id: string): void {
  const { live } = useDesk()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tell = (conversation: string | null) => live.send({ type: 'viewing', conversation })
    const onVisibility = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden') timer = setTimeout(() => tell(null), hiddenMs)
      else tell(id)
    }
    tell(id)
    const stop = live.state.subscribe(() => live.state.get() === 'open' && onVisibility())
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      stop()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', onVisibility)
      tell(null)
    }
  }, [live, id])
}
