import { z } from 'zod'
import { toFieldErrors } from '../../kit/field-errors.ts'
import { refuseFields } from '../../kit/problem.ts'
import type { Call } from '../dialect-route.ts'

/** What other systems call a thing of theirs. */
export const wireId = z
  .union([z.string(), z.number()], {
    error: ({ input }) => (input === undefined ? 'is required' : 'must be a text or a number'),
  })
  .transform(String)
  .pipe(z.string().trim().min(1).max(100))

/** Flags come as such from JSON, and as words from queries. */
export const flag = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1'),
])

/** Unix time in seconds; in milliseconds it will do. */
export const unixTime = z
  .union([z.number(), z.string().regex(/^\s*\d+\s*$/)], 'must be a Unix timestamp in seconds')
  .transform(Number)
  .pipe(z.number().positive().max(99_999_999_999_999))
  .transform((given) => (given >= 100_000_000_000 ? given : given * 1_000))

export const fileStatus = z.enum(['completed', 'processing', 'failed']).meta({
  description: 'a large file goes on in the background, and its audience cannot be sent to before it is done',
})

/** How the import of a file's contacts stands. */
export function toFileStatus(state: string): z.output<typeof fileStatus> {
  if (state === 'completed') return 'completed'
  return state === 'failed' || state === 'cancelled' ? 'failed' : 'processing'
}

/** Pages of what is retrieved; all that is usual fits on the first. */
export const pageFields = {
  limit: z.coerce.number().int().min(1).max(1_000).default(1_000).meta({ description: 'items a page' }),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1).meta({ description: 'from 1 on' }),
}

/** What may stand in the body or in the query of a retrieving call; the body goes first. `readEither` says what is wrong. */
export function eitherWay(method: 'get' | 'post', shape: z.ZodRawShape) {
  const any = z.object(
    Object.fromEntries(
      Object.entries(shape).map(([name, schema]) => [name, z.unknown().optional().meta(describe(schema))]),
    ),
  )
  return method === 'get' ? { query: any } : { query: any, body: any.default({}) }
}

/** For the document: what `readEither` takes. */
function describe(schema: z.core.$ZodType): Record<string, unknown> {
  const { $schema: _, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return described
}

export function readEither<T extends z.ZodType>(
  schema: T,
  { query, body, request }: Pick<Call<unknown, unknown, unknown>, 'query' | 'body' | 'request'>,
): z.output<T> {
  const sent = [query, request.body, body].filter((each) => typeof each === 'object' && each !== null)
  return readFields(schema, Object.fromEntries(sent.flatMap((each) => Object.entries(each as object))))
}

/** What is empty was not sent. */
export function readFields<T extends z.ZodType>(schema: T, sent: object): z.output<T> {
  const given = Object.entries(sent).filter(
    ([, value]) => value !== undefined && value !== '' && value !== null,
  )
  const read = schema.safeParse(Object.fromEntries(given))
  if (read.success) return read.data
  throw refuseFields(toFieldErrors(read.error))
}
