import { GraphError } from './graph-errors.ts'
import type { Journal } from './journal.ts'
import type { SettingsHolder } from './settings.ts'
import { parseInput } from './shape-parts.ts'
import {
  checkComponents,
  type TemplateComponent,
  templateEditSchema,
  templateInputSchema,
} from './template-shapes.ts'
import type { Webhooks } from './webhooks.ts'

export const templateStatuses = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'IN_APPEAL',
] as const
export type TemplateStatus = (typeof templateStatuses)[number]

export type Template = {
  id: string
  wabaId: string
  name: string
  language: string
  category: 'AUTHENTICATION' | 'MARKETING' | 'UTILITY'
  parameterFormat: string
  status: TemplateStatus
  rejectedReason: string
  quality: 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN'
  components: TemplateComponent[]
}
type Deps = { settings: SettingsHolder; webhooks: Webhooks; journal: Journal }
export type Templates = ReturnType<typeof createTemplates>

/** Templates of all accounts and their review: PENDING until `templateReviewMs`, then the verdict. */
export function createTemplates({ settings, webhooks, journal }: Deps) {
  const byId = new Map<string, Template>()
  const reviews = new Map<string, NodeJS.Timeout>()
  let lastId = Date.now() * 1_000 + 500

  function save(template: Template) {
    byId.set(template.id, template)
    journal.append({ kind: 'template', template })
  }

  function review(template: Template) {
    clearTimeout(reviews.get(template.id))
    const timer = setTimeout(() => {
      reviews.delete(template.id)
      if (byId.get(template.id)?.status !== 'PENDING') return
      const verdict = settings.current.templateVerdict
      setStatus(template.id, verdict, verdict === 'REJECTED' ? 'INVALID_FORMAT' : 'NONE')
    }, settings.current.templateReviewMs)
    reviews.set(template.id, timer)
  }

  function setStatus(id: string, status: TemplateStatus, reason = 'NONE'): Template | undefined {
    const known = byId.get(id)
    if (!known || known.status === status) return known
    const template = { ...known, status, rejectedReason: reason }
    save(template)
    announce(template, status)
    return template
  }

  function announce(template: Template, event: string) {
    webhooks.push({
      part: 'value',
      wabaId: template.wabaId,
      field: 'message_template_status_update',
      value: {
        event,
        message_template_id: Number(template.id),
        message_template_name: template.name,
        message_template_language: template.language,
        message_template_category: template.category,
        reason: template.rejectedReason,
      },
    })
  }

  function find(wabaId: string, name: string, language?: string): Template[] {
    return [...byId.values()].filter(
      (one) =>
        one.wabaId === wabaId && one.name === name && (language === undefined || one.language === language),
    )
  }

  function create(wabaId: string, input: unknown): Template {
    const parsed = parseInput(templateInputSchema, input)
    checkComponents(parsed.components, parsed.parameter_format, parsed.category)
    if (find(wabaId, parsed.name, parsed.language).length > 0) {
      throw new GraphError(
        100,
        `Content in this language already exists: ${parsed.name} ${parsed.language}.`,
        {
          subcode: 2388024,
        },
      )
    }
    lastId += 1
    const template: Template = {
      id: String(lastId),
      wabaId,
      name: parsed.name,
      language: parsed.language,
      category: parsed.category,
      parameterFormat: parsed.parameter_format,
      status: 'PENDING',
      rejectedReason: 'NONE',
      quality: 'UNKNOWN',
      components: parsed.components,
    }
    save(template)
    review(template)
    return template
  }

  function edit(template: Template, input: unknown) {
    const change = parseInput(templateEditSchema, input)
    if (template.status === 'PENDING' || template.status === 'DISABLED') {
      throw new GraphError(100, `A template that is ${template.status} cannot be edited.`)
    }
    if (change.category && change.category !== template.category && template.status === 'APPROVED') {
      throw new GraphError(100, 'The category of an approved template cannot be edited.')
    }
    const components = change.components ?? template.components
    checkComponents(components, template.parameterFormat, change.category ?? template.category)
    const edited = {
      ...template,
      category: change.category ?? template.category,
      components,
      status: 'PENDING' as const,
    }
    save(edited)
    review(edited)
  }

  return {
    create,
    edit,
    find,
    setStatus,
    get: (id: string) => byId.get(id),
    all: () => [...byId.values()],
    ofAccount: (wabaId: string) => [...byId.values()].filter((template) => template.wabaId === wabaId),
    setQuality(id: string, quality: Template['quality']) {
      const known = byId.get(id)
      if (!known || known.quality === quality) return
      save({ ...known, quality })
      webhooks.push({
        part: 'value',
        wabaId: known.wabaId,
        field: 'message_template_quality_update',
        value: {
          previous_quality_score: known.quality,
          new_quality_score: quality,
          message_template_id: Number(id),
          message_template_name: known.name,
          message_template_language: known.language,
        },
      })
    },
    remove(template: Template) {
      clearTimeout(reviews.get(template.id))
      byId.delete(template.id)
      journal.append({ kind: 'template-removed', id: template.id })
    },
    restore(template: Template) {
      byId.set(template.id, template)
    },
    restoreRemoved: (id: string) => byId.delete(id),
    /** After a restart: reviews that were under way begin anew, each account has Meta's sample. */
    resume() {
      for (const template of byId.values()) if (template.status === 'PENDING') review(template)
      for (const wabaId of new Set(settings.current.numbers.map((number) => number.wabaId))) {
        if (find(wabaId, 'hello_world').length === 0) save(helloWorld(wabaId, String((lastId += 1))))
      }
    },
    stop() {
      for (const timer of reviews.values()) clearTimeout(timer)
    },
  }
}

/** The sample that every new account comes with. */
function helloWorld(wabaId: string, id: string): Template {
  return {
    id,
    wabaId,
    name: 'hello_world',
    language: 'en_US',
    category: 'UTILITY',
    parameterFormat: 'POSITIONAL',
    status: 'APPROVED',
    rejectedReason: 'NONE',
    quality: 'GREEN',
    components: [
      { type: 'HEADER', format: 'TEXT', text: 'Hello World' },
      { type: 'BODY', text: 'Welcome and congratulations! This message shows that your number can send.' },
      { type: 'FOOTER', text: 'WhatsApp Business Platform sample message' },
    ],
  }
}
