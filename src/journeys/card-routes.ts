import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { journeyDefinitionSchema } from '../model/journey-definition.ts'
import type { Card } from '../../workflows/cards/card.ts'
import { cards } from '../../workflows/cards/index.ts'

const outlet = z.object({ id: z.string(), label: z.string() })
const cardView = z
  .object({
    type: z.string(),
    group: z.string(),
    label: z.string(),
    icon: z.string(),
    settings: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema, with titles and widgets' }),
    outlets: z.array(outlet).nullable().meta({
      description: 'the ways out with default settings; null where they depend on what has no default',
    }),
  })
  .meta({ id: 'Card' })

export const cardRoutes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/cards',
    summary: 'List the card types',
    description: 'For the palette and the forms of a journey builder.',
    tag: 'Journeys',
    auth: 'key',
    output: z.object({ items: z.array(cardView), nextCursor: z.null() }),
    handle: async () => ({ items: Object.values(cards).map(toView), nextCursor: null }),
  }),
  defineRoute({
    method: 'get',
    path: '/platform/v1/journey-definition-schema',
    summary: 'Show the JSON Schema of a journey definition',
    description: 'For forms of its triggers, entry rules and the like; what a card takes, `/cards` says.',
    tag: 'Journeys',
    auth: 'key',
    output: z.object({ schema: z.record(z.string(), z.unknown()) }),
    handle: async () => ({ schema: describeDefinition() }),
  }),
]

/** A schema with a name is a reference to itself: what it says stands among the definitions. */
function describeDefinition() {
  const { $ref, ...whole } = z.toJSONSchema(journeyDefinitionSchema, { io: 'input', unrepresentable: 'any' })
  return { ...whole, ...whole.$defs?.[$ref?.split('/').at(-1) ?? ''] }
}

function toView({ type, group, label, icon, settings, outlets }: Card): z.input<typeof cardView> {
  const schema = z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' })
  return { type, group, label, icon, settings: { ...schema }, outlets: outletsOf(outlets) }
}

/** Some outlets exist whatever the settings are; most cards cannot be without a text. */
function outletsOf(outlets: Card['outlets']) {
  try {
    return outlets({})
  } catch (error) {
    if (error instanceof z.ZodError) return null
    throw error
  }
}
