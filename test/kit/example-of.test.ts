import { z } from 'zod'
import { exampleOf, type Schema } from '../../src/kit/example-of.ts'

const example = (schema: z.ZodType) => exampleOf(z.toJSONSchema(schema) as Schema, {})

test.each([
  ['text', z.string()],
  ['a long text', z.string().min(20)],
  ['a short text', z.string().max(3)],
  ['an id', z.uuid()],
  ['a time', z.iso.datetime()],
  ['an address', z.url()],
  ['an e-mail address', z.email()],
  ['digits', z.string().regex(/^\d{1,30}$/)],
  ['a currency', z.string().regex(/^[A-Z]{3}$/)],
  ['one of several', z.enum(['a', 'b'])],
  ['a number above', z.number().min(5)],
  ['a number below', z.number().max(-1)],
  ['nothing or a number', z.number().nullable()],
  ['a list', z.array(z.object({ id: z.uuid(), more: z.string().optional() })).min(1)],
  [
    'a union',
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('a'), a: z.int() }),
      z.object({ type: z.literal('b') }),
    ]),
  ],
  [
    'a form',
    z.object({ name: z.string(), when: z.iso.date().optional(), tags: z.array(z.string()).default([]) }),
  ],
])('%s: the example is what the schema takes', (_what, schema) => {
  const value = example(schema)
  expect(schema.safeParse(value)).toMatchObject({ success: true })
})

test("a schema's own example comes first, and of the body all fields are shown", () => {
  const schema = z.object({
    name: z.string().meta({ example: 'Ann' }),
    note: z.string().optional(),
    home: z.object({ city: z.string(), street: z.string().optional() }),
  })
  expect(example(schema)).toEqual({ name: 'Ann', note: 'example', home: { city: 'example' } })
})

test('a schema that names itself ends', () => {
  const tree: Schema = {
    type: 'object',
    required: ['child'],
    properties: { child: { $ref: '#/components/schemas/Tree' } },
  }
  expect(JSON.stringify(exampleOf(tree, { Tree: tree })).length).toBeLessThan(200)
})
