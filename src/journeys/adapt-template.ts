import { z } from 'zod'
import type { JsonObject, Json } from '../model/json.ts'
import { assertionSchema, type Assertion } from '../simulation/assertion-schema.ts'
import type { JourneyStory, JourneyTemplate } from './templates/journey-template.ts'

const renames = (description: string) =>
  z.record(z.string().max(512), z.string().min(1).max(512)).default({}).meta({ description })

/** What stands here for what a template names. */
export const mappingSchema = z.object({
  events: renames("event types, by the template's name for them"),
  templates: renames("approved WhatsApp templates, by the library's name"),
  segments: z
    .record(z.string().max(64), z.uuid())
    .default({})
    .meta({ description: 'segments, by the id that stands for them in the template' }),
})
export type Mapping = z.output<typeof mappingSchema>

/** Which key of a definition names what. */
const namedBy: Record<string, keyof Mapping> = {
  event: 'events',
  template: 'templates',
  segmentId: 'segments',
}

/** The template's definition with this workspace's names. */
export function adaptDefinition({ definition }: JourneyTemplate, mapping: Mapping): JsonObject {
  return rename(JSON.parse(JSON.stringify(definition)) as JsonObject, mapping) as JsonObject
}

function rename(value: Json, mapping: Mapping): Json {
  if (Array.isArray(value)) return value.map((each) => rename(each, mapping))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, child]): [string, Json] => {
    const names = namedBy[key] && mapping[namedBy[key]]
    if (!names) return [key, rename(child, mapping)]
    if (typeof child === 'string') return [key, ownName(names, child)]
    const isNamed = child !== null && typeof child === 'object' && !Array.isArray(child)
    const name = isNamed ? child['name'] : undefined
    const renamed = rename(child, mapping)
    return [
      key,
      typeof name === 'string' ? { ...(renamed as JsonObject), name: ownName(names, name) } : renamed,
    ]
  })
  return Object.fromEntries(entries)
}

export function ownName(names: Record<string, string>, name: string): string {
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name
}

/** A story as the journey keeps it: it is held to it at every publish. */
export function toAssertion(story: JourneyStory, mapping: Mapping): Assertion {
  const { says, vars, windowOpen, replies, events, expected } = story
  const { cards, outcome, goalReached, text, hours } = expected
  const visits = Map.groupBy(cards, (card) => card)
  return assertionSchema.parse({
    name: says,
    scene: {
      contact: { firstName: 'Ann' },
      ...{ vars, windowOpen, replies },
      events: events?.map((event) => ({ ...event, name: ownName(mapping.events, event.name) })),
    },
    expectations: [
      ...[...visits].map(([card, { length: times }]) => ({ expect: 'enters', card, times })),
      { expect: 'ends', state: 'completed', reason: outcome },
      ...(goalReached === undefined ? [] : [{ expect: 'goal', reached: goalReached }]),
      ...(text === undefined ? [] : [{ expect: 'receives', text }]),
      ...(hours === undefined ? [] : [{ expect: 'finishes', within: { amount: hours + 1, unit: 'hours' } }]),
    ],
  })
}
