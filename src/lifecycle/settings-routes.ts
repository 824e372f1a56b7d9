import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { inboxSettingsSchema } from '../model/inbox-settings.ts'
import { findInboxSettings, saveInboxSettings } from './inbox-settings.ts'

const settingsView = z
  .object({
    settings: inboxSettingsSchema,
    updatedAt: z.iso.datetime().nullable().meta({ description: 'null: as the product ships' }),
    by: z.string().nullable(),
  })
  .meta({ id: 'StoredInboxSettings' })

const path = '/platform/v1/inbox-settings'
const base = { tag: 'Inbox settings', path, output: settingsView } as const

export const settingsRoutes: Route[] = [
  defineRoute({
    ...base,
    auth: 'key',
    method: 'get',
    summary: 'How the inbox runs: hours, deadlines, timers, and what chats say by themselves',
    handle: async ({ deps, actor }) =>
      findInboxSettings(forkFor(deps.orm, actor.workspaceId), actor.workspaceId),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'put',
    summary: 'Set how the inbox runs',
    description:
      'What is left out goes back to how the product ships. A message is answered in this order: rule engine, a button or ' +
      'keyword that starts a journey, assignment, and only when no journey answers the welcome and the unavailable message.',
    input: { body: inboxSettingsSchema },
    handle: async ({ deps, actor, body: settings }) => {
      const { workspaceId } = actor
      await saveInboxSettings(deps, { workspaceId, settings, by: nameActor(actor) })
      return findInboxSettings(forkFor(deps.orm, workspaceId), workspaceId)
    },
  }),
]
