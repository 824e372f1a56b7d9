import { findStops } from '../../autopilot/stops.ts'
import type { Em } from '../../db/orm.ts'
import { linkSuffixes } from '../link-token.ts'
import { findFlowButton, type FlowButton } from '../../flows/find-flow-button.ts'
import { withFlowToken } from '../../flows/flow-token.ts'
import type { SendDeps } from '../../inbox/send-message.ts'
import { signId } from '../../kit/signed-id.ts'
import type { CampaignDefinition, Variant } from '../../model/campaign-definition.ts'
import { tapPayload } from '../../model/campaign-tap.ts'
import { categoryOfMessage, type ConsentCategory } from '../../model/consent.ts'
import type { JsonObject } from '../../model/json.ts'
import type { MessageContent } from '../../model/message.ts'
import { renderTemplate } from '../../model/template.ts'
import type { TemplateContent } from '../../model/template-components.ts'
import { fillTemplate } from '../../model/template-fill.ts'
import type { TemplateValues } from '../../model/template-values.ts'
import { groupsNamedIn } from '../../model/variable-key.ts'
import type { NumberAccess } from '../../settings/numbers.ts'
import {
  chooseTemplate,
  getDefaultLanguage,
  listTemplateLanguages,
} from '../../templates/resolve-template.ts'
import { sentContentOf, type TemplateRow } from '../../templates/template-row.ts'

export interface Composed {
  content: MessageContent
  /** What it needs and has no value for. */
  missing: string[]
}
/** Whom a message is for, as its texts see them. */
export interface Addressee {
  contactId: string
  contact: object
  language: string | null | undefined
  given: JsonObject
  groups: JsonObject
}
export interface Composer {
  /** Groups of variables that the texts name. */
  groups: string[]
  /** Why nobody can get anything, where that is so. */
  unavailable: string | undefined
  /** What the messages of a variant count as, and why they cannot go out now, if so. */
  look(variantId: string): {
    category: ConsentCategory | 'service'
    unavailable: string | undefined
    width: number
  }
  /** @param messageIds one for each message that the variant has */
  compose(variantId: string, to: Addressee, messageIds: string[], nowMs: number): Composed[]
}

interface Making {
  workspaceId: string
  runId: string
  definition: CampaignDefinition
  number: NumberAccess
}

/** Makes the messages of a run's variants. Templates are looked up once and taken apart once, however many people there are. */
export async function createComposer(deps: SendDeps, em: Em, making: Making): Promise<Composer> {
  const variants = new Map<string, VariantMaker>()
  for (const variant of making.definition.variants)
    variants.set(variant.id, await createMaker(deps, em, making, variant))
  const makerOf = (id: string) => {
    const maker = variants.get(id)
    if (!maker) throw new Error(`the run has no variant ${id}`)
    return maker
  }
  return {
    groups: groupsNamedIn([making.definition.variants, addressesOf(making.definition)]),
    unavailable: [...variants.values()].every((maker) => maker.unavailable !== undefined)
      ? variants.values().next().value?.unavailable
      : undefined,
    look: (id) => makerOf(id),
    compose: (id, to, messageIds, nowMs) => makerOf(id).make(to, messageIds, nowMs),
  }
}

interface VariantMaker {
  category: ConsentCategory | 'service'
  unavailable: string | undefined
  width: number
  make(to: Addressee, messageIds: string[], nowMs: number): Composed[]
}

async function createMaker(deps: SendDeps, em: Em, making: Making, variant: Variant): Promise<VariantMaker> {
  const { message } = variant
  if (message.kind === 'template') return createTemplateMaker(deps, em, making, message)
  const masterKey = deps.config.MASTER_KEY ?? ''
  return {
    category: categoryOfMessage({ class: making.definition.class, isTemplate: false }),
    unavailable: undefined,
    width: message.contents.length,
    make: (to, messageIds, nowMs) =>
      message.contents.map((content, at) => {
        const { value, missing } = renderTemplate(content, scopeOf(to, nowMs))
        const ref = { messageId: messageIds[at] ?? '', contactId: to.contactId, runId: undefined }
        return { content: withFlowToken(masterKey, value, ref), missing }
      }),
  }
}

type TemplateMessage = Extract<Variant['message'], { kind: 'template' }>

async function createTemplateMaker(
  deps: SendDeps,
  em: Em,
  making: Making,
  message: TemplateMessage,
): Promise<VariantMaker> {
  const { workspaceId, number, definition } = making
  const sendable = await findSendable(em, making, message)
  const { rows, name } = sendable
  const values = withButtons(sendable.values, making)
  const addresses = addressesOf(definition)
  const workspaceLanguage = await getDefaultLanguage(em, workspaceId)
  const chosen = new Map<string, TemplateRow | undefined>()
  const choose = (contactLanguage: string | undefined) => {
    const key = contactLanguage ?? ''
    if (chosen.has(key)) return chosen.get(key)
    const wish = { language: message.language, contactLanguage, workspaceLanguage }
    const { template } = chooseTemplate(rows, name, wish)
    chosen.set(key, template)
    return template
  }
  const parts = new Map<string, { content: TemplateContent; flow: FlowButton | undefined }>()
  for (const row of rows) {
    const content: MessageContent = { type: 'template', template: { name, language: { code: row.language } } }
    const flow = await findFlowButton(deps, number, content)
    parts.set(row.id, { content: sentContentOf(row), flow })
  }
  const templateCategory = choose(undefined)?.category
  return {
    category: categoryOfMessage({ class: definition.class, isTemplate: true, templateCategory }),
    unavailable: sendable.unavailable,
    width: 1,
    make(to, [messageId = ''], nowMs) {
      const row = choose(to.language ?? undefined)
      const part = row && parts.get(row.id)
      if (!part) return []
      const given = withLinks(deps, values, definition, messageId)
      const { value, missing } = renderTemplate({ given, addresses }, scopeOf(to, nowMs))
      const filled = fillTemplate(part.content, value.given)
      const content: MessageContent = {
        type: 'template',
        template: { name, language: { code: row.language }, components: filled.components },
      }
      const ref = { messageId, contactId: to.contactId, runId: undefined }
      return [
        {
          content: part.flow ? withFlowToken(deps.config.MASTER_KEY ?? '', content, ref, part.flow) : content,
          missing: missing.length > 0 ? [...missing, ...filled.missing] : filled.missing,
        },
      ]
    },
  }
}

interface Sendable {
  name: string
  values: TemplateValues
  rows: TemplateRow[]
  unavailable: string | undefined
}

/** The template, or the one that takes over while WhatsApp or a stop of ours keeps it back. */
async function findSendable(em: Em, making: Making, message: TemplateMessage): Promise<Sendable> {
  const { workspaceId, number } = making
  const stops = await findStops(em, workspaceId, number.id)
  const tried: Sendable[] = []
  for (const each of [message, ...(message.fallback ? [message.fallback] : [])]) {
    const { name, values } = each
    const rows = await listTemplateLanguages(em, { workspaceId, wabaId: number.wabaId, name })
    const { template, why } = chooseTemplate(rows, name, {
      language: message.language,
      workspaceLanguage: 'en',
    })
    const unavailable = stops.templates.get(name) ?? (template ? undefined : why)
    const sendable = { name, values, rows, unavailable }
    if (unavailable === undefined) return sendable
    tried.push(sendable)
  }
  const [first] = tried
  if (!first) throw new Error('a template message names no template')
  return { ...first, unavailable: tried.map((each) => each.unavailable).join('; ') }
}

/** Quick replies come back with the run and their place. */
function withButtons(values: TemplateValues, { definition, runId }: Making): TemplateValues {
  const taps = definition.buttons.filter(({ type }) => type !== 'url')
  if (taps.length === 0) return values
  const buttons = { ...values.buttons }
  for (const { index } of taps)
    buttons[String(index)] = { ...buttons[String(index)], payload: tapPayload({ runId, index }) }
  return { ...values, buttons }
}

/** Where counted links lead: found when somebody follows one, and known to be somewhere when it is sent. */
function addressesOf({ buttons }: CampaignDefinition): string[] {
  return buttons.flatMap((button) => (button.type === 'url' ? [button.url] : []))
}

/** Counted links carry a token of the message in place of the address' variable. */
function withLinks(
  { config }: SendDeps,
  values: TemplateValues,
  definition: CampaignDefinition,
  messageId: string,
): TemplateValues {
  if (!definition.buttons.some(({ type }) => type === 'url')) return values
  const suffixes = linkSuffixes(definition.buttons, signId(config, 'click', messageId))
  const buttons = { ...values.buttons }
  for (const [index, suffix] of suffixes) buttons[String(index)] = { ...buttons[String(index)], suffix }
  return { ...values, buttons }
}

/** Like `textScope`, with what the run was given and the groups of variables. */
function scopeOf({ contact, given, groups }: Addressee, nowMs: number): Record<string, unknown> {
  return {
    ...{ contact, given, groups, vars: given, event: given['event'] ?? {} },
    get now() {
      return new Date(nowMs).toISOString()
    },
  }
}
