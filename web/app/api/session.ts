import { QueryCache, QueryClient, MutationCache, useQuery } from '@tanstack/react-query'
import { api, ApiProblem } from './client.ts'

export interface Session {
  name: string
  actor: { id: string; role?: string }
}

const sessionKey = ['session']

/** Whoever is told "unauthenticated", wherever, sees the sign-in form; what was typed elsewhere stays. */
const onError = (error: Error) => {
  if (error instanceof ApiProblem && error.status === 401) queryClient.setQueryData(sessionKey, null)
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the API refuses, it refuses again; what did not arrive is tried twice more.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiProblem && error.status >= 400 && error.status < 500),
    },
  },
})

/** null: nobody is signed in. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: () =>
      api.get<Session>('/workspace').catch((error: unknown) => {
        if (error instanceof ApiProblem && error.status === 401) return null
        throw error
      }),
    staleTime: 60_000,
  })
}

/** Returns the ticket for the second step, where there is one. */
export async function signIn(username: string, password: string): Promise<string | undefined> {
  const { secondFactor } = await api.post<{ secondFactor?: { ticket: string } }>('/sessions', {
    ...{ username, password, cookie: true },
  })
  if (!secondFactor) await queryClient.invalidateQueries({ queryKey: sessionKey })
  return secondFactor?.ticket
}

export async function finishSignIn(ticket: string, code: string): Promise<void> {
  await api.post('/sessions/second-factor', { ticket, code, cookie: true })
  await queryClient.invalidateQueries({ queryKey: sessionKey })
}

/** The next one to sign in must not see what the last one saw. */
export async function signOut(): Promise<void> {
  await api.delete('/sessions/current')
  queryClient.setQueryData(sessionKey, null)
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] })
}
