import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { maximumFormulaLength } from '../model/formula.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { previewExpression } from './preview-expression.ts'

const atMostOne = (given: Record<string, unknown>, names: string[]) =>
  names.filter((name) => given[name] !== undefined).length <= 1

const body = z
  .object({
    text: z.string().max(10_000).optional().meta({
      description: 'with placeholders, filters and fallbacks',
      example: 'Hi {{contact.first_name | capitalize | "there"}}, it is {{now | date: "long"}}',
    }),
    formula: z.string().max(maximumFormulaLength).optional().meta({
      description: 'computes a value: `contact.points * 2`, `has(contact.plan) ? contact.plan : "none"`',
    }),
    contactId: z.uuid().optional(),
    waId: z.string().min(1).max(50).optional(),
    sample: jsonObjectSchema.optional().meta({ description: 'a contact that is made up, as cards see one' }),
    vars: jsonObjectSchema.default({}),
    event: jsonObjectSchema.optional(),
  })
  .refine((given) => (given.text === undefined) !== (given.formula === undefined), {
    error: 'give either text or formula',
    path: ['text'],
  })
  .refine((given) => atMostOne(given, ['contactId', 'waId', 'sample']), {
    error: 'give one of contactId, waId and sample',
    path: ['contactId'],
  })

/** What texts and formulas say for a contact, before anything is sent. */
export const routes: Route[] = [
  defineRoute({
    tag: 'Expressions',
    auth: 'key',
    method: 'post',
    path: '/platform/v1/expressions/preview',
    summary: 'Show what a text or a formula says for a contact',
    description:
      'Filled in with the values of a real or a made-up contact, at this moment. Nothing is sent or stored.',
    input: { body },
    output: z.object({
      value: z.json(),
      missing: z.array(z.string()).meta({ description: 'names without a value: a card would fail here' }),
      problems: z.array(z.string()).meta({ description: 'what is wrong with it' }),
    }),
    handle: ({ deps, actor, body: { ...given } }) =>
      previewExpression(deps, { workspaceId: actor.workspaceId, ...given }),
  }),
]
