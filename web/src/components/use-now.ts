import { useEffect, useState } from 'react'

/** The time, again every `every` ms, so that "5m" does not stay "5m". */
export function useNow(every = 30_000): Date {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
