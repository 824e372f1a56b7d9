import { useQuery } from '@tanstack/react-query'
import { api, getAll } from './client.ts'
import type { Attribute, Segment } from './shapes.ts'

/** What contacts can be described and filtered by: it changes seldom, and many parts of a screen ask for it. */
const options = { staleTime: 30_000 }

export function useAttributes(): Attribute[] {
  return (
    useQuery({ queryKey: ['attributes'], queryFn: () => getAll<Attribute>('/attributes'), ...options })
      .data ?? []
  )
}

export function useTags(): string[] {
  const queryFn = () => getAll<{ tag: string }>('/tags')
  return (useQuery({ queryKey: ['tags'], queryFn, ...options }).data ?? []).map(({ tag }) => tag)
}

export function useSegmentNames(): { id: string; name: string }[] {
  const queryFn = () => getAll<Segment>('/segments')
  return useQuery({ queryKey: ['segment-names'], queryFn, ...options }).data ?? []
}

export function useEventNames(): { name: string; isCustom: boolean }[] {
  const queryFn = async () => {
    const custom = await getAll<{ name: string }>('/event-types')
    const { items } = await api.get<{ items: { name: string }[] }>('/system-events')
    const own = new Set(custom.map(({ name }) => name))
    const system = items.filter(({ name }) => !own.has(name))
    return [
      ...custom.map(({ name }) => ({ name, isCustom: true })),
      ...system.map(({ name }) => ({ name, isCustom: false })),
    ]
  }
  return useQuery({ queryKey: ['event-names'], queryFn, ...options }).data ?? []
}
