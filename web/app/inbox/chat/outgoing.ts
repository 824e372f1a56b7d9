import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import type { JsonObject } from '../../../../src/model/json.ts'
import { api, ApiProblem } from '../../api/client.ts'
import type { Message } from '../../api/inbox-shapes.ts'
import { messageEntry } from './read-entries.ts'
import { putEntries } from './use-timeline.ts'

/** What goes out as it is given to the API. */
export type Outgoing = { blockId: string } | { content: JsonObject }

/** Written here and not taken by the server yet. */
export interface Unsent {
  /** The server takes the same key for the same message: sending it again cannot double it. */
  key: string
  at: string
  text: string
  what: Outgoing
  problem: string | null
  /** Nothing becomes of it however often it is tried. */
  isRefused: boolean
}

const keyOf = (conversationId: string) => ['unsent', conversationId]

/** In the order in which they were written. */
export function useUnsent(conversationId: string) {
  const client = useQueryClient()
  const { data = [] } = useQuery<Unsent[]>({
    queryKey: keyOf(conversationId),
    queryFn: () => client.getQueryData<Unsent[]>(keyOf(conversationId)) ?? [],
    staleTime: Infinity,
    gcTime: Infinity,
  })
  return {
    unsent: data,
    send: (what: Outgoing, text: string) => {
      const key = newKey()
      const at = new Date().toISOString()
      const message: Unsent = { key, at, text, what, problem: null, isRefused: false }
      change(client, conversationId, (all) => [...all, message])
      void deliver(client, conversationId, message)
    },
    retry: (message: Unsent) => {
      put(client, conversationId, { ...message, problem: null })
      void deliver(client, conversationId, message)
    },
    discard: (message: Unsent) => drop(client, conversationId, message),
  }
}

/** One after the other, so that they arrive in the order in which they were written. */
const queues = new Map<string, Promise<void>>()

async function deliver(client: QueryClient, conversationId: string, message: Unsent): Promise<void> {
  const before = queues.get(conversationId) ?? Promise.resolve()
  const mine = before.then(() => post(client, conversationId, message))
  queues.set(conversationId, mine)
  await mine
}

async function post(client: QueryClient, conversationId: string, message: Unsent): Promise<void> {
  try {
    const path = `/conversations/${conversationId}/messages`
    const sent = await api.post<Message>(path, message.what, message.key)
    putEntries(client, conversationId, [messageEntry(sent)])
    drop(client, conversationId, message)
    void client.invalidateQueries({ queryKey: ['inbox'] })
  } catch (error) {
    const isRefused = error instanceof ApiProblem && error.status >= 400 && error.status < 500
    const problem = error instanceof Error ? error.message : 'It could not be sent.'
    put(client, conversationId, { ...message, problem, isRefused })
  }
}

function put(client: QueryClient, conversationId: string, message: Unsent): void {
  change(client, conversationId, (all) => all.map((each) => (each.key === message.key ? message : each)))
}

function drop(client: QueryClient, conversationId: string, { key }: Unsent): void {
  change(client, conversationId, (all) => all.filter((each) => each.key !== key))
}

function change(client: QueryClient, conversationId: string, edit: (all: Unsent[]) => Unsent[]): void {
  client.setQueryData<Unsent[]>(keyOf(conversationId), (all = []) => edit(all))
}

/** `crypto.randomUUID` is there on HTTPS only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
