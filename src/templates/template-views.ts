import { z } from 'zod'
import {
  parameterFormats,
  templateCategories,
  templateComponentsSchema,
} from '../model/template-components.ts'
import { templateStatuses } from './template-row.ts'

const category = z.enum(templateCategories)
/** As WhatsApp gave them: parts that came after this was written stay in. */
const rawComponents = z.array(z.looseObject({ type: z.string() })).meta({
  id: 'StoredTemplateComponents',
  description: "in the shape of Meta's message_templates, as stored",
})

export const lintView = z
  .object({
    rule: z.string().meta({ example: 'variable-last' }),
    severity: z.enum(['error', 'warning', 'hint']).meta({
      description: 'errors keep it from being submitted, warnings are likely rejections, hints are advice',
    }),
    field: z.string().meta({ description: 'JSON path', example: 'components.0.text' }),
    message: z.string(),
    why: z.string(),
  })
  .meta({ id: 'TemplateProblem' })

export const templateView = z
  .object({
    id: z.uuid(),
    wabaId: z.string(),
    name: z.string(),
    language: z.string(),
    category,
    parameterFormat: z.enum(parameterFormats),
    components: rawComponents,
    draft: z
      .object({ category, components: rawComponents })
      .nullable()
      .meta({ description: 'an edit that WhatsApp has not seen yet' }),
    status: z.enum(templateStatuses),
    statusAt: z.iso.datetime().nullable(),
    submitError: z
      .object({ words: z.string(), code: z.number().nullable(), subcode: z.number().nullable() })
      .nullable()
      .meta({ description: 'why WhatsApp did not take the last submission' }),
    metaId: z.string().nullable(),
    rejectedReason: z.string().nullable(),
    quality: z.string().nullable().meta({ description: 'GREEN, YELLOW, RED or UNKNOWN' }),
    previousCategory: z.string().nullable(),
    correctCategory: z.string().nullable().meta({ description: 'what WhatsApp will move it to' }),
    libraryId: z.string().nullable(),
    source: z.enum(['here', 'library', 'whatsapp']),
    syncedAt: z.iso.datetime().nullable(),
    archivedAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'Template' })

export const lintedTemplateView = templateView
  .extend({ problems: z.array(lintView) })
  .meta({ id: 'LintedTemplate' })

const buttonPreview = z.object({
  type: z.string(),
  text: z.string(),
  target: z.string().nullable().meta({ description: 'address, phone number or code' }),
})
const headerPreview = z.object({
  format: z.string(),
  text: z.string().nullable(),
  media: z.string().nullable(),
})
export const previewView = z
  .object({
    header: headerPreview.nullable(),
    body: z.string(),
    footer: z.string().nullable(),
    offer: z.object({ text: z.string(), endsAt: z.string().nullable() }).nullable(),
    buttons: z.array(buttonPreview),
    cards: z
      .array(
        z.object({
          header: headerPreview.nullable(),
          body: z.string().nullable(),
          buttons: z.array(buttonPreview),
        }),
      )
      .nullable(),
    text: z.string().meta({ description: 'all of it as plain text' }),
  })
  .meta({ id: 'TemplatePreview' })

export const variantsView = z
  .object({
    name: z.string(),
    wabaId: z.string(),
    languages: z.array(
      z.object({
        id: z.uuid(),
        language: z.string(),
        status: z.enum(templateStatuses),
        archivedAt: z.iso.datetime().nullable(),
      }),
    ),
  })
  .meta({ id: 'TemplateVariants' })

export const composedView = z.object({
  content: z.object({
    type: z.literal('template'),
    template: z.object({
      name: z.string(),
      language: z.object({ code: z.string() }),
      components: z.array(z.record(z.string(), z.unknown())).optional(),
    }),
  }),
  missing: z
    .array(z.string())
    .meta({ description: 'paths into `values`, and placeholders, without a value' }),
})

export const wabaId = z
  .string()
  .regex(/^\d{5,20}$/, 'must be 5 to 20 digits')
  .meta({
    description: 'the WhatsApp Business account; needed when your numbers belong to several',
  })
export const components = templateComponentsSchema
/** The linter says what is wrong with a name or language; here only what a row can hold. */
export const draftFields = {
  name: z.string().trim().min(1).max(1_000),
  language: z.string().trim().min(1).max(30),
  category,
  parameterFormat: z.enum(parameterFormats),
  components,
}

/** Stored parts that the response schema would refuse are left out; WhatsApp's own shapes always have a type. */
export function toView<T extends { components: unknown[]; draft: { components: unknown[] } | null }>(row: T) {
  return {
    ...row,
    components: typed(row.components),
    draft: row.draft && { ...row.draft, components: typed(row.draft.components) },
  }
}

function typed(list: unknown[]): { type: string }[] {
  return list.filter(
    (one): one is { type: string } => typeof (one as { type?: unknown } | null)?.type === 'string',
  )
}
