import { z } from 'zod'
import { sayFact } from '../analytics/why-words.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { resolutionSchema } from '../journeys/resolution-schema.ts'
import {
  scriptedEventSchema,
  scriptedReplySchema,
  simulatedContactSchema,
  toContactColumns,
} from './scene-schema.ts'
import { simulateRequest } from './simulate-request.ts'
import type { Simulation } from './simulation.ts'

const at = z.iso.datetime({ offset: true }).optional()
const reply = scriptedReplySchema.extend({ at })
const event = scriptedEventSchema.extend({ at })

const traced = z.object({
  at: z.iso.datetime(),
  kind: z.string(),
  words: z.string(),
  data: jsonObjectSchema,
})
const sent = z.object({
  at: z.iso.datetime(),
  cardId: z.string(),
  text: z.string(),
  content: z.record(z.string(), z.unknown()).meta({ description: 'as WhatsApp would get it' }),
  windowOpen: z.boolean().meta({ description: 'whether the 24-hour window was open then' }),
})
export const simulationView = z
  .object({
    state: z.enum(['completed', 'exited', 'stuck', 'cut-off']),
    reason: z.string(),
    finishedAt: z.iso.datetime(),
    problem: z.object({ cardId: z.string(), code: z.string(), reason: z.string() }).nullable(),
    trace: z.array(traced),
    messages: z.array(sent),
    vars: jsonObjectSchema,
    goalReached: z.boolean().nullable(),
  })
  .meta({ id: 'Simulation' })

export const simulationRoutes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/platform/v1/journeys/:id/simulate',
    summary: 'Try a journey out on a contact, with a virtual clock',
    description:
      'The same cards as in real runs; nothing is stored or sent. Replies and events are scripted; when they are used up the contact is silent.',
    tag: 'Journeys',
    auth: 'key',
    input: {
      params: z.object({ id: z.uuid() }),
      body: z.object({
        version: z.int().min(1).optional().meta({ description: "a version's number; the draft when absent" }),
        contactId: z.uuid().optional().meta({ description: 'a real contact, only read' }),
        contact: simulatedContactSchema
          .optional()
          .meta({ description: 'a made-up one, or changes to the real one' }),
        startAt: z.iso.datetime({ offset: true }).optional(),
        vars: jsonObjectSchema.default({}),
        windowOpen: z.boolean().default(true).meta({ description: 'whether the contact has just written' }),
        replies: z.array(reply).max(500).default([]),
        events: z.array(event).max(500).default([]),
        resolutions: z.array(resolutionSchema).max(100).default([]),
      }),
    },
    output: simulationView,
    handle: async ({ deps, actor: { workspaceId }, params: { id }, body }) => {
      const { version, contactId, startAt, replies, events, vars, windowOpen, resolutions } = body
      const result = await simulateRequest(deps, {
        workspaceId,
        journeyId: id,
        version,
        contactId,
        contact: body.contact && toContactColumns(body.contact),
        startAt,
        replies,
        events,
        resolutions,
        options: { vars, windowOpen },
      })
      return toSimulationView(result)
    },
  }),
]

/** A simulated run as the API shows it. */
export function toSimulationView(result: Simulation): z.input<typeof simulationView> {
  const { trace, messages, finishedAtMs, state, reason, problem, vars, goalReached } = result
  return {
    ...{ state, reason, problem, vars, goalReached },
    finishedAt: iso(finishedAtMs),
    trace: trace.map(({ atMs, ...fact }) => ({
      at: iso(atMs),
      // A simulated message stands in its fact: there is no row of it.
      words: sayFact(fact, () => (typeof fact.data['text'] === 'string' ? fact.data['text'] : undefined)),
      ...fact,
    })),
    messages: messages.map(({ atMs, ...message }) => ({ at: iso(atMs), ...message })),
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
