import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { attributeTypesSchema } from '../model/event-attributes.ts'
import { jsonObjectSchema, type JsonObject } from '../model/json.ts'
import { mappingSchema } from './adapt-template.ts'
import { getTemplate, installTemplate } from './install-template.ts'
import type { JourneyTemplate } from './templates/journey-template.ts'
import { journeyTemplates } from './templates/journey-templates.ts'

const templateLine = z
  .object({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    cards: z.int(),
    needs: z.object({
      events: z
        .record(z.string(), attributeTypesSchema)
        .meta({ description: 'event types with their attributes' }),
      attributes: attributeTypesSchema.meta({ description: 'contact attributes that it reads or writes' }),
      templates: z
        .array(z.string())
        .meta({ description: 'WhatsApp templates, by their names in the library' }),
      segments: z
        .record(z.string(), z.string())
        .meta({ description: 'to be chosen: what each stands for, by id' }),
    }),
    stories: z.array(z.string()).meta({ description: 'what it is held to at every publish' }),
  })
  .meta({ id: 'JourneyTemplate' })

const path = '/platform/v1/journey-templates'
const params = z.object({ name: z.string().max(100) })
const base = { tag: 'Journeys', auth: 'key' } as const

export const templateRoutes: Route[] = [
  defineRoute({
    ...{ ...base, method: 'get', path, summary: 'List journeys that are ready to be installed' },
    input: { query: page.query },
    output: page.of(templateLine),
    handle: async ({ query: { limit, cursor } }) => {
      const offset = decodeCursor(cursor, z.tuple([z.int().min(0)]))?.[0] ?? 0
      const lines = journeyTemplates.map(toLine).slice(offset, offset + limit + 1)
      return page.cut(lines, limit, () => [offset + limit])
    },
  }),
  defineRoute({
    ...{
      ...base,
      method: 'get',
      path: `${path}/:name`,
      summary: 'Show a journey that is ready to be installed',
    },
    input: { params },
    output: templateLine.extend({ definition: jsonObjectSchema }),
    handle: async ({ params: { name } }) => {
      const template = getTemplate(name)
      return { ...toLine(template), definition: template.definition as unknown as JsonObject }
    },
  }),
  defineRoute({
    ...{ ...base, method: 'post', path: `${path}/:name/install`, status: 201 },
    summary: 'Make a draft journey of a template',
    description:
      'Its stories become assertions of the journey. `missing` says what must be there before it can run.',
    input: {
      params,
      body: z.object({
        numberId: z.uuid(),
        name: z
          .string()
          .trim()
          .min(1)
          .max(200)
          .optional()
          .meta({ description: "the template's title when absent" }),
        mapping: mappingSchema.prefault({}),
        declare: z
          .boolean()
          .default(false)
          .meta({ description: 'declares the event types and attributes that are missing' }),
      }),
    },
    output: z.object({
      journeyId: z.uuid(),
      name: z.string(),
      assertions: z.int(),
      missing: z.object({
        events: z.array(z.string()),
        attributes: z.array(z.string()),
        templates: z.array(z.string()).meta({ description: 'not approved for this number' }),
        segments: z.array(z.string()),
      }),
    }),
    handle: async ({ deps, actor, params: { name }, body }) => {
      const { name: journeyName, ...rest } = body
      const { workspaceId } = actor
      const input = { workspaceId, name, journeyName, ...rest, by: nameActor(actor) }
      const { journey, missing, assertions } = await installTemplate(deps, input)
      return { journeyId: journey.id, name: journey.name, assertions, missing }
    },
  }),
]

function toLine({ name, title, description, needs, stories, definition }: JourneyTemplate) {
  const cards = Object.keys(definition.cards).length
  return { name, title, description, cards, needs, stories: stories.map(({ says }) => says) }
}
