import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { ChatStatus } from '../api/inbox-shapes.ts'
import { sayCount } from '../ui/words.ts'

/** What may be done to one conversation, or to many at once. */
export type Deed =
  /** Whom it is left to stays as it is where nothing is said of it. */
  | { type: 'assign'; userId?: string | null; groupId?: string | null }
  | { type: 'status'; status: ChatStatus; snoozedUntil?: string | null }
  | { type: 'priority'; priority: number }
  | { type: 'labels'; add: string[]; remove: string[] }
  | { type: 'read' }
  | { type: 'unread' }
  | { type: 'spam'; spam: boolean }
  | { type: 'take-over' }
  | { type: 'hand-back' }

/** What one sees nothing of on the screen, or loses sight of. */
const told = new Set(['status', 'spam', 'take-over', 'hand-back'])

/** Does it, tells what went wrong, and shows the inbox as it is then. */
export function useDeed() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ ids, deed }: { ids: string[]; deed: Deed }): Promise<Refused[]> => {
      const [first] = ids
      if (ids.length > 1 || !first) return doMany(ids, deed)
      await doOne(first, deed)
      return []
    },
    onSuccess: (refused, { ids, deed }) => {
      const done = ids.length - refused.length
      if (done > 0 && (ids.length > 1 || told.has(deed.type)))
        notifications.show({ color: 'teal', message: sayDone(done, deed), autoClose: 2_500 })
      const [why] = refused
      if (why) notifications.show({ color: 'red', message: `${refused.length} not: ${why.reason}` })
    },
    onError: (error) => notifications.show({ color: 'red', message: error.message }),
    onSettled: () => client.invalidateQueries({ queryKey: ['inbox'] }),
  })
}

function doOne(id: string, deed: Deed): Promise<unknown> {
  const path = `/conversations/${id}`
  const { type: _type, ...given } = deed
  if (deed.type === 'read') return api.post(`${path}/read`, {})
  if (deed.type === 'unread') return api.post(`${path}/unread`, {})
  if (deed.type === 'take-over') return api.post(`${path}/take-over`, {})
  if (deed.type === 'hand-back') return api.post(`${path}/hand-back`)
  if (deed.type === 'spam') return api.post(`${path}/spam`, given)
  if (deed.type === 'labels') return api.post(`${path}/labels`, given)
  if (deed.type === 'assign') return api.post(`${path}/assignment`, given)
  return api.patch(path, given)
}

interface Refused {
  outcome: 'changed' | 'unchanged' | 'refused'
  reason: string | null
}

/** @returns those that did not let it be done to them */
async function doMany(ids: string[], action: Deed): Promise<Refused[]> {
  const { results } = await api.post<{ results: Refused[] }>('/conversations/bulk', { ids, action })
  return results.filter(({ outcome }) => outcome === 'refused')
}

function sayDone(count: number, deed: Deed): string {
  const what = sayCount(count, 'conversation')
  switch (deed.type) {
    case 'assign':
      return deed.userId === null ? `Nobody has ${what} now.` : `${what} assigned.`
    case 'status':
      return deed.status === 'open' ? `${what} reopened.` : `${what} ${deed.status}.`
    case 'spam':
      return deed.spam ? `${what} put among the spam.` : `${what} brought back from the spam.`
    case 'take-over':
      return 'You have the chat: its journeys stand still.'
    case 'hand-back':
      return 'The journeys go on.'
    case 'labels':
      return `${what} labelled.`
    default:
      return `${what} changed.`
  }
}
