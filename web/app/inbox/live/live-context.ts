import { createContext, useContext } from 'react'
import type { Named } from '../../api/inbox-shapes.ts'

/** What the app hears from the server without asking. */
export interface Live {
  /** `lost`: it was there, and is being got back. */
  state: 'connecting' | 'open' | 'lost'
  /** Who else has a conversation open just now, and who of them types. */
  colleagues: ReadonlyMap<string, Colleague[]>
  /** The conversation on the screen: who looks at it is told of its typists. */
  watch(conversationId: string | undefined): void
  tellTyping(conversationId: string): void
}

export interface Colleague extends Named {
  isTyping: boolean
}

const LiveContext = createContext<Live | undefined>(undefined)
export const LiveProvider = LiveContext.Provider

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (!live) throw new Error('this part stands outside of the app')
  return live
}

/** While nothing is heard of, it is asked for. */
export function useAskingMs(): number | false {
  return useLive().state === 'open' ? false : 3_000
}
