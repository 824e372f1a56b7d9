import { useEffect, useState } from 'react'

/** The time, as often as it is looked at. */
export function useNow(everyMs = 20_000): number {
  const [nowMs, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return nowMs
}
