import { z } from 'zod'
import { consentScopeSchema } from '../model/consent.ts'
import { attributeTypes } from '../model/event-attributes.ts'

const column = z.string().min(1).max(500).meta({ description: 'as the upload named it' })
const dateFormat = z
  .string()
  .max(20)
  .meta({ description: 'how dates are written, e.g. `DD.MM.YYYY`; ISO 8601 when absent' })

/** What a column of the file becomes. */
const targetSchema = z.discriminatedUnion('to', [
  z.object({ column, to: z.literal('phone_number') }),
  z.object({ column, to: z.literal('country_code') }).meta({
    description: 'the country of the phone numbers without one: ISO code, calling code or English name',
  }),
  z.object({ column, to: z.literal('external_customer_id') }),
  z.object({ column, to: z.literal('bsuid'), portfolioId: z.string().min(1).max(100).optional() }),
  z.object({
    column,
    to: z.literal('email'),
    identifies: z.boolean().default(false).meta({
      description: 'rows with the same address are the same person; leave it off where families share one',
    }),
  }),
  z.object({
    column,
    to: z.literal('attribute'),
    name: z.string().min(1).max(100).meta({ description: 'a system attribute or a declared one' }),
    dateFormat: dateFormat.optional(),
    create: z
      .object({ type: z.enum(attributeTypes), label: z.string().trim().min(1).max(200).optional() })
      .optional()
      .meta({ description: 'declares the attribute when the import starts' }),
  }),
  z.object({ column, to: z.literal('tags'), separator: z.string().min(1).max(3).default(',') }),
  z.object({ column, to: z.literal('opt_in') }).meta({ description: 'yes or no in many languages' }),
  z.object({ column, to: z.literal('ignore') }),
])
export type Target = z.output<typeof targetSchema>

export const mappingSchema = z.object({
  columns: z.array(targetSchema).min(1).max(1_000),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166 code like IN')
    .optional()
    .meta({ description: 'of phone numbers that have no country code' }),
  dateFormat: dateFormat.optional(),
  existing: z.enum(['update', 'skip']).default('update').meta({
    description: '`skip` creates new contacts only and leaves those who are known as they are',
  }),
  emptyCells: z.enum(['leave', 'clear']).default('leave'),
  tags: z.array(z.string().trim().min(1).max(100)).max(50).default([]).meta({ description: 'for every row' }),
  segmentIds: z.array(z.uuid()).max(20).default([]).meta({ description: 'static segments to add to' }),
  consent: z
    .object({
      category: consentScopeSchema.default('marketing'),
      from: z
        .enum(['column', 'all'])
        .default('all')
        .meta({ description: 'a column, or everybody in the file' }),
      source: z.string().trim().min(1).max(200).meta({ description: 'where it was given, e.g. `web form`' }),
      text: z.string().trim().min(1).max(2_000).optional().meta({ description: 'what was agreed to' }),
    })
    .optional(),
  journeys: z
    .object({
      for: z.enum(['created', 'changed', 'all']).default('changed').meta({
        description: '`changed`: created or updated, so that the same file again starts nothing',
      }),
      ratePerMinute: z.int().min(1).max(60_000).default(60),
    })
    .optional()
    .meta({ description: 'whether journeys with the trigger `import-contact` start, and how fast' }),
})
export type Mapping = z.output<typeof mappingSchema>
