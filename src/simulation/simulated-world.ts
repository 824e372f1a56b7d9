import { toContactView } from '../contacts/contact-view.ts'
import { checkAttributeValues } from '../contacts/check-contact-attributes.ts'
import { composeMessage, type Refusal } from '../inbox/compose-message.ts'
import type { ConditionHistory } from '../model/condition-history.ts'
import {
  categoriesOf,
  categoryOfMessage,
  consentCategories,
  consentRefusal,
  type ConsentCategory,
  type ConsentScope,
  type ConsentState,
} from '../model/consent.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import { CardFailure, type ContactView } from '../../workflows/cards/card.ts'
import type { SendRequest } from '../../workflows/cards/journey-state.ts'
import { createSimulatedHistory } from './simulated-history.ts'

/** A contact as the simulator keeps one: the columns that a view is made of. */
export type SimulatedContact = Parameters<typeof toContactView>[0] & {
  /** Of everything. */
  optedOut?: boolean
  refusedCategories?: ConsentCategory[]
}

export interface SimulationClock {
  nowMs: number
}

/** By name and language, parted by a space. */
export type SimulatedTemplates = ReadonlyMap<string, { category: string; status: string }>

export const windowMs = 24 * 60 * 60_000

/** A contact that nobody has met: for journeys tried out without a real one. */
export function syntheticContact(given: Partial<SimulatedContact> = {}): SimulatedContact {
  return {
    id: '00000000-0000-8000-8000-000000000000',
    name: null,
    first_name: null,
    last_name: null,
    email: null,
    language: null,
    time_zone: null,
    attributes: {},
    tags: [],
    wa_id: '15550100200',
    ...given,
  }
}

/** What a run finds outside of itself: the contact, the 24-hour window and the send ledger. */
export function createSimulatedWorld(
  given: SimulatedContact,
  clock: SimulationClock,
  surroundings: {
    windowEndsAtMs: number
    messageClass: MessageClass
    types?: ReadonlyMap<string, AttributeType> | undefined
    templates?: SimulatedTemplates | undefined
    history?: ConditionHistory | undefined
  },
) {
  const { messageClass, types, templates } = surroundings
  const history = createSimulatedHistory(surroundings.history, clock)
  // Whoever changes it makes a new one: hundreds of thousands are looked at, few are changed.
  let contact = given
  let view: ContactView | undefined
  const look = (): ContactView => (view ??= toContactView(contact))
  let { windowEndsAtMs } = surroundings
  const categoryOf = (content: MessageContent) =>
    categoryOfMessage({
      class: messageClass,
      isTemplate: content.type === 'template',
      templateCategory: templateOf(templates, content)?.category,
    })
  const ledger = new Map<string, { epoch: number; refusal: Refusal | undefined }>()

  return {
    contactId: given.id,
    view: look,
    set(attributes: JsonObject): void {
      const { system, custom, problems } = checkAttributeValues(types ?? typesOf(attributes), attributes, {
        lenient: true,
      })
      if (problems.length > 0) {
        const words = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
        throw new CardFailure('invalid_input', words)
      }
      contact = { ...contact, ...system, attributes: { ...contact.attributes, ...custom } }
      view = undefined
    },
    changeTags({ add, remove }: { add: string[]; remove: string[] }): { added: string[]; removed: string[] } {
      const { tags: before } = contact
      const tags = [...new Set([...before.filter((tag) => !remove.includes(tag)), ...add])]
      contact = { ...contact, tags }
      view = undefined
      const added = tags.filter((tag) => !before.includes(tag))
      return { added, removed: before.filter((tag) => !tags.includes(tag)) }
    },
    setConsent({ category, state }: { category: ConsentScope; state: ConsentState }): void {
      const said = categoriesOf(category)
      const before = contact.optedOut ? [...consentCategories] : (contact.refusedCategories ?? [])
      const others = before.filter((each) => !said.includes(each))
      const refusedCategories = state === 'opted_out' ? [...others, ...said] : others
      const optedOut = refusedCategories.length === consentCategories.length
      contact = { ...contact, optedOut, refusedCategories }
    },
    hear(text: string): void {
      windowEndsAtMs = clock.nowMs + windowMs
      history.hear(text)
    },
    happened: history.happened,
    changeSegments: history.changeSegments,
    historyNow: () => history.now(windowEndsAtMs),
    /** Whether the ledger has no answer for this message from before. */
    isNew: ({ key, epoch }: SendRequest): boolean => {
      const before = ledger.get(key)
      return !before || (before.refusal !== undefined && epoch > before.epoch)
    },
    categoryOf,
    /** One message a key: `sent` is empty when the ledger has an answer from before. @param denial the arbiter's */
    send(
      { key, epoch, content, vars }: SendRequest,
      denial?: Refusal,
    ): {
      sent?: MessageContent
      refusal?: Refusal | undefined
      isNew: boolean
      windowOpen: boolean
    } {
      const before = ledger.get(key)
      const isOpen = windowEndsAtMs > clock.nowMs
      if (before && (!before.refusal || epoch <= before.epoch)) {
        return { refusal: before.refusal, isNew: false, windowOpen: isOpen }
      }
      const { content: rendered, refusal: inGeneral } = composeMessage(
        content,
        { contact: look(), vars, nowMs: clock.nowMs },
        {
          unwanted: consentRefusal(
            { everything: contact.optedOut ?? false, categories: contact.refusedCategories ?? [] },
            categoryOf(content),
          ),
          reachable: Boolean(contact.wa_id),
          windowOpen: isOpen,
        },
      )
      const refusal = inGeneral ?? (templates && templateRefusal(templates, content)) ?? denial
      ledger.set(key, { epoch, refusal })
      if (!refusal) history.sent()
      const outcome = refusal ? { refusal } : { sent: rendered }
      return { ...outcome, isNew: true, windowOpen: isOpen }
    },
  }
}

/** Where no declarations are given, every value fits. */
function typesOf(attributes: JsonObject): Map<string, AttributeType> {
  return new Map(Object.keys(attributes).map((name) => [name, 'json']))
}

function templateOf(templates: SimulatedTemplates | undefined, content: MessageContent) {
  if (content.type !== 'template') return undefined
  return templates?.get(`${content.template.name} ${content.template.language.code}`)
}

const sendable = ['approved', 'flagged', 'locked']

/** WhatsApp refuses a template that it has not approved, or has paused. */
function templateRefusal(templates: SimulatedTemplates, content: MessageContent): Refusal | undefined {
  if (content.type !== 'template') return undefined
  const { name, language } = content.template
  const found = templateOf(templates, content)
  if (found && sendable.includes(found.status)) return undefined
  const reason = found ? `is ${found.status}` : 'does not exist'
  return { code: 'template_not_sendable', reason: `the template ${name} (${language.code}) ${reason}` }
}
