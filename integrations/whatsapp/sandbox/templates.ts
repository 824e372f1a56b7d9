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
import type { WebhookItem } from './webhook-body.ts'
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
export function createTemplates(deps: Deps) {
  const { settings, webhooks, journal } = deps
  const byId = new Map<string, Template>()
  const desk = createReviewDesk(settings, (id, verdict, reason) => {
    if (byId.get(id)?.status === 'PENDING') setStatus(id, verdict, reason)
  })
  let lastId = Date.now() * 1_000 + 500
  const nextId = () => String((lastId += 1))

  function save(template: Template): Template {
    byId.set(template.id, template)
    journal.append({ kind: 'template', template })
    if (template.status === 'PENDING') desk.take(template.id)
    return template
  }

  function setStatus(id: string, status: TemplateStatus, reason = 'NONE') {
    const known = byId.get(id)
    if (!known || known.status === status) return
    webhooks.push(statusUpdate(save({ ...known, status, rejectedReason: reason })))
  }

  const ofAccount = (wabaId: string) => [...byId.values()].filter((template) => template.wabaId === wabaId)
  const find = (wabaId: string, name: string) =>
    ofAccount(wabaId).filter((template) => template.name === name)

  return {
    find,
    ofAccount,
    setStatus,
    create: (wabaId: string, input: unknown) =>
      save({ ...newTemplate(input, (name) => find(wabaId, name)), wabaId, id: nextId() }),
    edit: (template: Template, input: unknown) => save(editedTemplate(template, input)),
    get: (id: string) => byId.get(id),
    all: () => [...byId.values()],
    ...createRatings(byId, save, webhooks),
    remove(template: Template) {
      byId.delete(template.id)
      journal.append({ kind: 'template-removed', id: template.id })
    },
    restore: (template: Template) => void byId.set(template.id, template),
    restoreRemoved: (id: string) => void byId.delete(id),
    /** After a restart: reviews that were under way begin anew, each account has Meta's sample. */
    resume() {
      for (const template of byId.values()) if (template.status === 'PENDING') desk.take(template.id)
      for (const wabaId of accountsOf(settings)) {
        if (find(wabaId, helloWorld.name).length === 0) save({ ...helloWorld, wabaId, id: nextId() })
      }
    },
    stop: desk.stop,
  }
}

/** What Meta thinks of a template after its approval. */
function createRatings(
  byId: ReadonlyMap<string, Template>,
  save: (template: Template) => Template,
  webhooks: Webhooks,
) {
  return {
    setQuality(id: string, quality: Template['quality']) {
      const known = byId.get(id)
      if (!known || known.quality === quality) return
      webhooks.push(qualityUpdate(save({ ...known, quality }), known.quality))
    },
    setCategory(id: string, category: Template['category']) {
      const known = byId.get(id)
      if (!known || known.category === category) return
      webhooks.push(categoryUpdate(save({ ...known, category }), known.category))
    },
  }
}

function accountsOf({ current }: SettingsHolder): Set<string> {
  return new Set(current.numbers.map((number) => number.wabaId))
}

/** Gives each template its verdict after the delay of the settings. */
function createReviewDesk(
  settings: SettingsHolder,
  onVerdict: (id: string, verdict: TemplateStatus, reason: string) => void,
) {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    take(id: string) {
      clearTimeout(timers.get(id))
      const timer = setTimeout(() => {
        timers.delete(id)
        const { templateVerdict } = settings.current
        onVerdict(id, templateVerdict, templateVerdict === 'REJECTED' ? 'INVALID_FORMAT' : 'NONE')
      }, settings.current.templateReviewMs)
      timers.set(id, timer)
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

function newTemplate(input: unknown, find: (name: string) => Template[]): Omit<Template, 'id' | 'wabaId'> {
  const { name, language, category, parameter_format, components } = parseInput(templateInputSchema, input)
  checkComponents(components, parameter_format, category)
  if (find(name).some((other) => other.language === language)) {
    throw new GraphError(100, `Content in this language already exists: ${name} ${language}.`, {
      subcode: 2388024,
    })
  }
  return {
    ...{ name, language, category, components, parameterFormat: parameter_format },
    ...{ status: 'PENDING', rejectedReason: 'NONE', quality: 'UNKNOWN' },
  }
}

/** An edited template goes to review again. */
function editedTemplate(template: Template, input: unknown): Template {
  const change = parseInput(templateEditSchema, input)
  if (template.status === 'PENDING' || template.status === 'DISABLED') {
    throw new GraphError(100, `A template that is ${template.status} cannot be edited.`)
  }
  const { category = template.category, components = template.components } = change
  if (category !== template.category && template.status === 'APPROVED') {
    throw new GraphError(100, 'The category of an approved template cannot be edited.')
  }
  checkComponents(components, template.parameterFormat, category)
  return { ...template, category, components, status: 'PENDING' }
}

function statusUpdate(template: Template): WebhookItem {
  const value = {
    event: template.status,
    ...naming(template),
    message_template_category: template.category,
    reason: template.rejectedReason,
  }
  return { part: 'value', wabaId: template.wabaId, field: 'message_template_status_update', value }
}

function qualityUpdate(template: Template, previous: string): WebhookItem {
  const value = {
    previous_quality_score: previous,
    new_quality_score: template.quality,
    ...naming(template),
  }
  return { part: 'value', wabaId: template.wabaId, field: 'message_template_quality_update', value }
}

function categoryUpdate(template: Template, previous: string): WebhookItem {
  const value = { ...naming(template), previous_category: previous, new_category: template.category }
  return { part: 'value', wabaId: template.wabaId, field: 'template_category_update', value }
}

function naming(template: Template) {
  return {
    message_template_id: Number(template.id),
    message_template_name: template.name,
    message_template_language: template.language,
  }
}

/** The sample that every new account comes with. */
const helloWorld: Omit<Template, 'id' | 'wabaId'> = {
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
