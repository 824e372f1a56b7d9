import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { resolutionSchema } from '../journeys/resolution-schema.ts'
import { simulateRequest } from './simulate-request.ts'
import type { SimulatedContact } from './simulated-world.ts'

const aHundredYearsMs = 100 * 366 * 86_400_000
const timing = {
  afterMs: z.int().min(0).max(aHundredYearsMs).optional().meta({
    description: 'after it is waited for; 1 second when nothing is given',
  }),
  atMs: z.int().min(0).max(aHundredYearsMs).optional().meta({ description: 'after the start' }),
  at: z.iso.datetime({ offset: true }).optional(),
}
const reply = z.strictObject({
  ...timing,
  text: z.string().max(4_096).optional(),
  buttonId: z.string().max(256).optional().meta({ description: 'of a reply button or a list row' }),
  location: z
    .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
    .optional(),
  answers: jsonObjectSchema.optional().meta({ description: 'a Flow or an address, filled in' }),
})
const event = z.strictObject({
  ...timing,
  name: z.string().min(1).max(100),
  attributes: jsonObjectSchema.default({}),
})
const contact = z.strictObject({
  name: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  email: z.string().optional(),
  language: z.string().optional(),
  timeZone: z.string().optional(),
  phone: z.string().optional(),
  attributes: jsonObjectSchema.optional(),
  tags: z.array(z.string()).max(100).optional(),
  optedOut: z.boolean().optional(),
})

const traced = z.object({ at: z.iso.datetime(), kind: z.string(), data: jsonObjectSchema })
const sent = z.object({
  at: z.iso.datetime(),
  cardId: z.string(),
  text: z.string(),
  content: z.record(z.string(), z.unknown()).meta({ description: 'as WhatsApp would get it' }),
})
const simulationView = z
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
        contact: contact.optional().meta({ description: 'a made-up one, or changes to the real one' }),
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
        contact: body.contact && toColumns(body.contact),
        startAt,
        replies,
        events,
        options: { vars, windowOpen, resolutions },
      })
      return { ...result, finishedAt: iso(result.finishedAtMs), ...inTime(result) }
    },
  }),
]

function inTime({ trace, messages }: Awaited<ReturnType<typeof simulateRequest>>) {
  return {
    trace: trace.map(({ atMs, ...fact }) => ({ at: iso(atMs), ...fact })),
    messages: messages.map(({ atMs, ...message }) => ({ at: iso(atMs), ...message })),
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}

function toColumns(given: z.output<typeof contact>): Partial<SimulatedContact> {
  const { firstName, lastName, timeZone, phone, ...same } = given
  const renamed = { first_name: firstName, last_name: lastName, time_zone: timeZone, wa_id: phone, ...same }
  return Object.fromEntries(Object.entries(renamed).filter(([, value]) => value !== undefined))
}
