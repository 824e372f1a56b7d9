import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { arbiterCategorySchema, arbiterSettingsSchema } from '../model/arbiter-settings.ts'
import { findArbiterSettings, saveArbiterSettings } from './arbiter-settings.ts'
import { previewSend } from './preview-send.ts'

const settingsView = z
  .object({
    settings: arbiterSettingsSchema,
    updatedAt: z.iso.datetime().nullable().meta({ description: 'null: nobody has set any' }),
    by: z.string().nullable(),
  })
  .meta({ id: 'StoredArbiterSettings' })

const previewView = z
  .object({
    contactId: z.uuid(),
    verdict: z.enum(['grant', 'defer', 'deny']),
    code: z.string().nullable().meta({ example: 'frequency_cap' }),
    reason: z.string(),
    until: z.iso.datetime().nullable().meta({ description: 'when nothing stands against it any more' }),
    timeZone: z.string(),
    timeZoneFrom: z.enum(['contact', 'country', 'workspace', 'default']),
    caps: z.array(arbiterSettingsSchema.shape.caps.unwrap().element.extend({ used: z.int() })),
    lastReplyAt: z.iso.datetime().nullable(),
    waiting: z
      .array(
        z.object({
          category: arbiterCategorySchema,
          priority: z.int(),
          runId: z.uuid().nullable(),
          until: z.iso.datetime(),
          expiresAt: z.iso.datetime(),
          reason: z.string(),
        }),
      )
      .meta({ description: 'what was deferred; the highest priority first' }),
  })
  .meta({ id: 'SendPreview' })

const base = { tag: 'Contact arbiter', auth: 'key', method: 'get' } as const

/** One person, one voice: how often, when and in which order we write of our own accord. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    path: '/platform/v1/arbiter-settings',
    summary: 'How often and when one contact may be written to',
    output: settingsView,
    handle: async ({ deps, actor: { workspaceId } }) =>
      findArbiterSettings(forkFor(deps.orm, workspaceId), workspaceId),
  }),
  defineRoute({
    ...base,
    method: 'put',
    path: '/platform/v1/arbiter-settings',
    summary: 'Set caps, minimum gap, quiet hours and what a reply holds back',
    description:
      'Counts what journeys and campaigns send of their own accord, over all numbers of the workspace; answers to the ' +
      'customer and what people send are free. What is left out is off. Messages that wait ask again within a minute.',
    auth: 'admin',
    input: { body: arbiterSettingsSchema },
    output: settingsView,
    handle: async ({ deps, actor, body: settings }) => {
      const { workspaceId } = actor
      await saveArbiterSettings(deps, { workspaceId, settings, by: nameActor(actor) })
      return findArbiterSettings(forkFor(deps.orm, workspaceId), workspaceId)
    },
  }),
  defineRoute({
    ...base,
    path: '/platform/v1/contacts/:id/may-send',
    summary: 'May we write to this contact now, and why not?',
    description: 'Asks as a message of this category and priority would, without taking its place.',
    input: {
      params: z.object({ id: z.uuid() }),
      query: z.object({
        category: arbiterCategorySchema.default('marketing'),
        priority: z.coerce.number().int().min(1).max(9).default(5).meta({ description: '1 goes first' }),
        expiresAt: z.iso
          .datetime({ offset: true })
          .optional()
          .meta({ description: 'later the message is of no use; the settings decide when absent' }),
      }),
    },
    output: previewView,
    handle: async ({ deps, actor: { workspaceId }, params: { id: contactId }, query }) => {
      const { category, priority, expiresAt } = query
      const expiresAtMs = expiresAt === undefined ? undefined : Date.parse(expiresAt)
      return previewSend(deps, { workspaceId, contactId, category, priority, expiresAtMs })
    },
  }),
]
