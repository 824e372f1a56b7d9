import { z } from 'zod'
import type { InboundOther } from './webhook.ts'

interface Subject {
  metaId: string
  name: string
  language: string
  /** When it happened, by Meta's clock, to the second. */
  atMs: number
}
export type TemplateUpdate = Subject &
  (
    | { kind: 'status'; event: string; reason: string | null }
    | { kind: 'quality'; quality: string }
    | { kind: 'category'; category: string | null; previous: string | null; correct: string | null }
    | {
        kind: 'components'
        texts: { header: string | undefined; body: string | undefined; footer: string | undefined }
      }
  )

const text = z.string().nullish()
const valueSchema = z.object({
  message_template_id: z.union([z.string().min(1), z.number()]).transform(String),
  message_template_name: z.string(),
  message_template_language: z.string(),
  event: text,
  reason: text,
  rejection_info: z.object({ reason: text, recommendation: text }).nullish(),
  new_quality_score: text,
  previous_category: text,
  new_category: text,
  correct_category: text,
  category: text,
  message_template_title: text,
  message_template_element: text,
  message_template_footer: text,
})
type Value = z.infer<typeof valueSchema>
type Told = TemplateUpdate extends infer U ? (U extends Subject ? Omit<U, keyof Subject> : never) : never

const readers: Record<string, (value: Value) => Told | undefined> = {
  message_template_status_update: ({ event, reason, rejection_info }) => {
    const why = rejection_info ? [reason, rejection_info.reason, rejection_info.recommendation] : [reason]
    const words = why.filter((word) => word && word !== 'NONE').join(': ')
    return event ? { kind: 'status', event, reason: words || null } : undefined
  },
  message_template_quality_update: ({ new_quality_score }) =>
    new_quality_score ? { kind: 'quality', quality: new_quality_score } : undefined,
  template_category_update: ({ previous_category, new_category, correct_category }) => ({
    kind: 'category',
    category: new_category ?? null,
    previous: previous_category ?? null,
    correct: correct_category ?? null,
  }),
  template_correct_category_detection: ({ category, correct_category }) => ({
    kind: 'category',
    category: category ?? null,
    previous: null,
    correct: correct_category ?? null,
  }),
  message_template_components_update: (value) => ({
    kind: 'components',
    texts: {
      header: value.message_template_title ?? undefined,
      body: value.message_template_element ?? undefined,
      footer: value.message_template_footer ?? undefined,
    },
  }),
}

/**
 * What a webhook tells about a template; undefined when it is about something else or cannot be read.
 * @param nowMs stands in for a time that Meta did not give.
 */
export function readTemplateUpdate(
  { field, raw, atMs, problem }: InboundOther,
  nowMs: number,
): TemplateUpdate | undefined {
  const reader = Object.hasOwn(readers, field) ? readers[field] : undefined
  const { data: value } = valueSchema.safeParse(raw['value'])
  const told = value && problem === undefined ? reader?.(value) : undefined
  if (!told || !value) return undefined
  return {
    metaId: value.message_template_id,
    name: value.message_template_name,
    language: value.message_template_language,
    atMs: atMs ?? nowMs,
    ...told,
  }
}
