import { z } from 'zod'
import { GraphError } from './graph-errors.ts'

/** A text of 1 to `max` characters, counted as people do: an emoji outside the BMP is one. */
export function chars(max: number, min = 1) {
  return z.string().superRefine((text, context) => {
    const length = text.length <= max ? text.length : [...text].length
    if (length > max) context.addIssue({ code: 'custom', message: `must be at most ${max} characters long` })
    else if (length < min) context.addIssue({ code: 'custom', message: 'must not be empty' })
  })
}

export const id = z.union([z.string().min(1), z.number().int()]).transform(String)
export const link = z.url({ protocol: /^https?$/ }).max(2_048)

/** Media by id or by link, never both. Audio and stickers carry no caption: `more` says what is allowed. */
export function media<Shape extends z.core.$ZodLooseShape>(more: Shape) {
  return z
    .strictObject({ id: id.optional(), link: link.optional(), provider: z.string().optional(), ...more })
    .refine(
      (value) => {
        const given = value as { id?: unknown; link?: unknown }
        return (given.id === undefined) !== (given.link === undefined)
      },
      { error: 'needs exactly one of id and link' },
    )
}

/** Adds an issue when two items share what `key` names. */
export function unique<Item>(name: string, keyOf: (item: Item) => string) {
  return (items: Item[], context: z.core.$RefinementCtx<Item[]>) => {
    const keys = items.map(keyOf)
    if (new Set(keys).size < keys.length) {
      context.addIssue({ code: 'custom', message: `duplicated ${name}: each must be unique`, input: items })
    }
  }
}

/** Parses the body of a management call; the first issue is answered with Meta's code 100. */
export function parseInput<Shape extends z.ZodType>(shape: Shape, value: unknown): z.infer<Shape> {
  const result = shape.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const details = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`
  throw new GraphError(100, details, { title: `Invalid parameter: ${details}` })
}
