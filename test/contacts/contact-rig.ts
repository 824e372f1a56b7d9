import { routes as analyticsRoutes } from '../../src/analytics/routes.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as inboxRoutes } from '../../src/inbox/routes.ts'
import { routes as journeyRoutes } from '../../src/journeys/routes.ts'
import { openWorkspaceApi } from '../support/workspace-api.ts'

export interface Contact {
  id: string
  created: boolean
  name: string | null
  attributes: Record<string, unknown>
  tags: string[]
  mergedInto: string | null
  identities: { id: string; kind: string; scope: string; value: string; validTo: string | null }[]
}
export type ContactRig = Awaited<ReturnType<typeof openContacts>>

/** The API over a database of its own, with two workspaces. */
export async function openContacts() {
  const rig = await openWorkspaceApi([...contactRoutes, ...inboxRoutes, ...journeyRoutes, ...analyticsRoutes])
  return {
    ...rig,
    create: (body: object) => rig.ask<Contact>(201, 'POST', '/contacts', body),
    get: (id: string) => rig.ask<Contact>(200, 'GET', `/contacts/${id}`),
  }
}
