import { z } from 'zod'

/** Fields as the vendor's framework reads them, in its words: numbers and booleans may come as text, as forms send them. */
const isMissing = (input: unknown) => input === undefined
const words =
  (wrong: string) =>
  ({ input }: { input?: unknown }) => {
    if (isMissing(input)) return 'This field is required.'
    return input === null ? 'This field may not be null.' : wrong
  }

/** @param max how many characters it may have */
export function charField(max?: number) {
  const text = z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : value),
    z
      .string({ error: words('Not a valid string.') })
      .trim()
      .min(1, 'This field may not be blank.'),
  )
  if (max === undefined) return text
  return text.refine((value) => value.length <= max, {
    message: `Ensure this field has no more than ${max} characters.`,
  })
}

/** May be empty, or absent. */
export function optionalText(max: number) {
  return z
    .preprocess(
      (value) => (typeof value === 'number' ? String(value) : value),
      z
        .string({ error: words('Not a valid string.') })
        .max(max, `Ensure this field has no more than ${max} characters.`),
    )
    .optional()
}

const toNumber = (value: unknown) =>
  typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value

export const integerField = z.preprocess(toNumber, z.int({ error: words('A valid integer is required.') }))

/** Of another object. */
export const keyField = z.preprocess(
  toNumber,
  z
    .int({ error: words('Incorrect type. Expected pk value.') })
    .positive('Incorrect type. Expected pk value.'),
)

/** Forms say null by saying nothing. */
export const nullableKeyField = z.preprocess(
  (value) => (value === '' || value === 'null' ? null : toNumber(value)),
  z.int('Incorrect type. Expected pk value.').nullable(),
)

const truths = new Map<unknown, boolean>([
  ...['true', 'True', 't', '1', 1, 'yes', 'on'].map((value) => [value, true] as const),
  ...['false', 'False', 'f', '0', 0, 'no', 'off'].map((value) => [value, false] as const),
])
export const booleanField = z.preprocess(
  (value) => truths.get(value) ?? value,
  z.boolean({ error: words('Must be a valid boolean.') }),
)

export const jsonField = z
  .record(z.string(), z.json(), { error: words('Value must be valid JSON.') })
  .nullable()
  .optional()

/** @param of words that are allowed */
export function choiceField<const T extends readonly [string, ...string[]]>(of: T) {
  return z.enum(of, {
    error: ({ input }) => {
      const wrong = typeof input === 'string' ? input : JSON.stringify(input)
      return words(`"${wrong}" is not a valid choice.`)({ input })
    },
  })
}

export const emailField = z.preprocess(
  (value) => (value === undefined ? undefined : value),
  z.union([z.literal(''), z.email('Enter a valid email address.')], {
    error: words('Enter a valid email address.'),
  }),
)

/** Of a query: what is no number is as if nobody had said it. */
export const limitQuery = (byDefault: number) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .transform((limit) => Math.min(limit, 1_000))
    .catch(byDefault)
    .default(byDefault)
    .meta({ description: 'Number of results to return per page.' })
export const offsetQuery = z.coerce
  .number()
  .int()
  .min(0)
  .max(100_000_000)
  .catch(0)
  .default(0)
  .meta({ description: 'The initial index from which to return the results.' })

/** POSIX seconds. */
const timeQuery = z
  .preprocess((value) => (value === '' ? undefined : toNumber(value)), z.int('Enter a number.').optional())
  .optional()
export const spanQuery = {
  since_time: timeQuery.meta({
    description: 'POSIX timestamp: only what is at the same time or newer.',
  }),
  before_time: timeQuery.meta({ description: 'POSIX timestamp: only what is older.' }),
}

export const flagQuery = z
  .preprocess((value) => (value === '' ? undefined : (truths.get(value) ?? value)), z.boolean().optional())
  .optional()
