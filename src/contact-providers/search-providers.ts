import { z } from 'zod'
import { integrations } from '../../integrations/index.ts'
import { listConnections, unsealConnection } from '../apps/find-connections.ts'
import type { Deps } from '../deps.ts'
import type { BookContact, BookPage, BookQuery } from '../model/contact-book.ts'
import { AppError } from '../model/errors.ts'
import { findInAudience, searchAudience } from './own-audience.ts'

type Held = Pick<Deps, 'orm' | 'seal' | 'http' | 'log'>

/** Where contacts are looked for: the workspace's own, and every address book that it has connected. */
interface Provider {
  id: string
  type: string
  name: string
  search(query: BookQuery): Promise<BookPage>
  find(phone: string): Promise<BookContact[]>
}
export type ProvidedContact = BookContact & { provider: { id: string; type: string; name: string } }

/** Connections to address books are few. */
const maximumProviders = 20
/** Where each provider goes on; those that are not named have no more. */
const cursorSchema = z.record(z.uuid(), z.string().max(4_000).nullable())

/**
 * A page of every provider at once, `limit` of each. One that fails is left out, of the pages that follow too.
 * @param cursor of the page before; there is no other way to a page
 */
export async function searchProviders(
  deps: Held,
  input: { workspaceId: string; search: string | undefined; limit: number; cursor: string | undefined },
): Promise<{
  contacts: ProvidedContact[]
  next: string | undefined
  count: number | undefined
  failed: string[]
}> {
  const { workspaceId, search, limit } = input
  const places = input.cursor === undefined ? undefined : readCursor(input.cursor)
  const providers = (await listProviders(deps, workspaceId)).filter(({ id }) => !places || id in places)
  const pages = await Promise.all(
    providers.map(async (provider) => {
      const cursor = places?.[provider.id] ?? undefined
      return {
        provider,
        page: await attempt(deps, provider, () => provider.search({ search, limit, cursor })),
      }
    }),
  )
  const answered = pages.flatMap(({ provider, page }) => (page ? [{ provider, page }] : []))
  const going = answered.filter(({ page }) => page.next !== undefined)
  const counts = pages.map(({ page }) => page?.count)
  return {
    contacts: answered.flatMap(({ provider, page }) => page.contacts.map((contact) => of(provider, contact))),
    next:
      going.length > 0 ? writeCursor(going.map(({ provider, page }) => [provider.id, page.next])) : undefined,
    count: counts.every((count) => count !== undefined) ? counts.reduce((a, b) => a + b, 0) : undefined,
    failed: pages.flatMap(({ provider, page }) => (page ? [] : [provider.name])),
  }
}

/** Everything that is known of a number, by whoever knows something. @param phone digits only */
export async function resolveInProviders(
  deps: Held,
  { workspaceId, phone }: { workspaceId: string; phone: string },
): Promise<ProvidedContact[]> {
  const providers = await listProviders(deps, workspaceId)
  const found = await Promise.all(
    providers.map(async (provider) => {
      const contacts = (await attempt(deps, provider, () => provider.find(phone))) ?? []
      return contacts.map((contact) => of(provider, contact))
    }),
  )
  return found.flat()
}

async function listProviders(deps: Held, workspaceId: string): Promise<Provider[]> {
  const own: Provider = {
    ...{ id: workspaceId, type: 'audience', name: 'Audience' },
    search: (query) => searchAudience(deps, workspaceId, query),
    find: (phone) => findInAudience(deps, workspaceId, phone),
  }
  const books = Object.values(integrations).filter(({ contacts }) => contacts !== undefined)
  const connected = await Promise.all(
    books.map(async (integration) => {
      const page = { search: undefined, before: undefined, limit: maximumProviders }
      const rows = await listConnections(deps, { workspaceId, integration: integration.id, ...page })
      return rows.map(({ id, name }): Provider => {
        const call = async () => {
          const { auth } = await unsealConnection(deps, workspaceId, id)
          return { auth: integration.auth.parse(auth), http: deps.http }
        }
        return {
          ...{ id, name, type: integration.id },
          search: async (query) => (await integration.contacts?.search(await call(), query)) ?? nothing,
          find: async (phone) => (await integration.contacts?.find(await call(), phone)) ?? [],
        }
      })
    }),
  )
  return [own, ...connected.flat()]
}

const nothing: BookPage = { contacts: [], next: undefined, count: 0 }

/** Somebody else's address book may be away: the others answer all the same. */
async function attempt<T>(
  { log }: Held,
  { id, name }: Provider,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    log.warn({ err: error, provider: id, name }, 'a contact provider did not answer')
    return undefined
  }
}

function of({ id, type, name }: Provider, contact: BookContact): ProvidedContact {
  return { ...contact, provider: { id, type, name } }
}

function writeCursor(places: [string, string | undefined][]): string {
  return Buffer.from(JSON.stringify(Object.fromEntries(places))).toString('base64url')
}

function readCursor(text: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
  } catch {
    throw new AppError('invalid_cursor', 'the cursor is not one of ours')
  }
}
