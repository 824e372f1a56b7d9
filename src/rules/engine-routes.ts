import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import type { Deps } from '../deps.ts'
import { nameActor } from '../kit/name-actor.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { findEngineView, type EngineView } from './engine.ts'
import { dropEngine, saveEngine } from './save-engine.ts'
import { tryEngine } from './try-engine.ts'

const time = z.iso.datetime()
const engineView = z
  .object({
    url: z.string(),
    headerNames: z.array(z.string()).meta({ description: 'their values are shown to nobody' }),
    timeoutMs: z.number(),
    enabled: z.boolean(),
    failingSince: time
      .nullable()
      .meta({ description: 'null: its last answer was good, or nothing was asked yet' }),
    lastError: z.string().nullable(),
    lastErrorAt: time.nullable(),
    lastAnswerAt: time.nullable(),
    lastIgnored: z
      .object({ at: time, entries: z.array(z.object({ entry: z.string(), reason: z.string() })) })
      .nullable()
      .meta({
        description: 'what of an answer could not be done, the last time that there was such a thing',
      }),
    by: z.string(),
    updatedAt: time,
  })
  .meta({ id: 'RuleEngine' })

const url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .meta({ description: 'one address, which is posted to' })
const headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header'),
    z
      .string()
      .max(4_000)
      .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII'),
  )
  .refine((given) => Object.keys(given).length <= 20, 'may be at most 20')
  .refine(
    (given) =>
      Object.keys(given).every(
        (name) => !/^(host|content-length|content-type|connection|transfer-encoding)$/i.test(name),
      ),
    'may not name the host, the connection, or how long or of what kind the body is',
  )
const timeoutMs = z.int().min(500).max(10_000)

const path = '/platform/v1/rule-engine'
const base = { tag: 'Rules', path } as const

export const engineRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    auth: 'key',
    summary: 'The external rule engine, and whether it answers',
    output: z.object({
      engine: engineView.nullable().meta({ description: 'null: the default rules decide' }),
    }),
    handle: async ({ deps, actor }) => {
      const { workspaceId } = actor
      return { engine: (await findEngineView(deps, forkFor(deps.orm, workspaceId), workspaceId)) ?? null }
    },
  }),
  defineRoute({
    ...base,
    method: 'put',
    auth: 'admin',
    summary: 'Have an external rule engine decide who gets chats',
    description:
      'It is told of each message of a customer, each that a user writes, and each tagging, and answers with `assignment`. ' +
      'While it does not answer the default rules decide. It is asked before keywords and triggers.',
    input: {
      body: z.object({
        url,
        headers: headers
          .optional()
          .meta({ description: 'sent along, e.g. `Authorization`; absent: as they are' }),
        timeoutMs: timeoutMs.default(5_000),
        enabled: z.boolean().default(true),
      }),
    },
    output: engineView,
    handle: async ({ deps, actor, body }) => {
      const { workspaceId } = actor
      await saveEngine(deps, { ...body, headers: body.headers, workspaceId, by: nameActor(actor) })
      return readView(deps, workspaceId)
    },
  }),
  defineRoute({
    ...base,
    method: 'delete',
    auth: 'admin',
    summary: 'Go back to the default rules',
    output: z.void(),
    status: 204,
    handle: async ({ deps, actor }) => {
      const dropped = await dropEngine(deps, { workspaceId: actor.workspaceId, by: nameActor(actor) })
      if (!dropped) throw new AppError('not_found', 'there is no rule engine')
    },
  }),
  defineRoute({
    ...base,
    path: `${path}/test`,
    method: 'post',
    auth: 'admin',
    summary: 'Ask the rule engine about a message, and do nothing of what it answers',
    input: {
      body: z.object({
        messageId: z.uuid().optional().meta({ description: 'the newest message of a customer when absent' }),
        url: url.optional(),
        headers: headers.optional(),
        timeoutMs: timeoutMs.optional(),
      }),
    },
    output: z
      .object({
        ok: z.boolean(),
        error: z.string().nullable(),
        ms: z.number(),
        sent: jsonObjectSchema,
        entries: z.array(z.object({ entry: z.string(), would: z.string(), ok: z.boolean() })),
      })
      .meta({ id: 'RuleEngineTrial' }),
    handle: async ({ deps, actor, body: { messageId, url, headers, timeoutMs } }) =>
      tryEngine(deps, { workspaceId: actor.workspaceId, messageId, change: { url, headers, timeoutMs } }),
  }),
]

async function readView(deps: Deps, workspaceId: string): Promise<EngineView> {
  const view = await findEngineView(deps, forkFor(deps.orm, workspaceId), workspaceId)
  if (!view) throw new AppError('not_found', 'there is no rule engine')
  return view
}
