import { newId } from '../../src/db/columns.ts'
import { routes as contactRoutes } from '../../src/contacts/routes.ts'
import { routes as eventRoutes } from '../../src/events/routes.ts'
import { routes as segmentRoutes } from '../../src/segments/routes.ts'
import { createAsk } from './api-rig.ts'
import { openWorkspaceApi } from './workspace-api.ts'

export interface Problem {
  fields?: { field: string; message: string }[]
}
export interface SegmentAnswer {
  id: string
  name: string
  members: number
  evaluatedAt: string | null
}
export type SegmentRig = Awaited<ReturnType<typeof openSegments>>

/** Two workspaces over an API with contacts, events and segments. */
export async function openSegments() {
  const rig = await openWorkspaceApi([...contactRoutes, ...eventRoutes, ...segmentRoutes])
  const { api, ours } = rig
  const ask = createAsk<Problem>(api, ours.key)
  let phones = 4_917_000_000

  async function makeContact(input: object = {}, token = ours.key): Promise<string> {
    const given = { waId: String(phones++), ...input }
    return (await ask<{ id: string }>(201, 'POST', '/contacts', given, token)).id
  }
  /** A live segment with its first members. */
  async function makeLive(condition: unknown, name = newId()): Promise<SegmentAnswer> {
    const { id } = await ask<SegmentAnswer>(201, 'POST', '/segments', { kind: 'live', name, condition })
    await api.deps.background.drain()
    return ask<SegmentAnswer>(200, 'GET', `/segments/${id}`)
  }
  async function memberIds(id: string): Promise<string[]> {
    const { items } = await ask<{ items: { contactId: string }[] }>(200, 'GET', `/segments/${id}/members`)
    return items.map((item) => item.contactId).sort()
  }
  return { ...rig, ask, makeContact, makeLive, memberIds }
}

export function compare(path: string, operator: string, value?: unknown) {
  return { kind: 'compare', path, operator, value }
}

export function named(firstName: string) {
  return compare('contact.first_name', 'equals', firstName)
}
