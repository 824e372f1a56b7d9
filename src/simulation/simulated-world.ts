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
import type { SimulatedTemplates } from './simulated-templates.ts'

/** A contact as the simulator keeps one: the columns that a view is made of. */
export type SimulatedContact = Parameters<typeof toContactView>[0] & {
  /** Of everything. */
  optedOut?: boolean
  refusedCategories?: ConsentCategory[]
}

export interface SimulationClock {
  nowMs: number
}

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
    whatsapp_opted: !given.optedOut,
    ...given,
  }
}

interface Sent {
  sent?: MessageContent
  refusal?: Refusal | undefined
  isNew: boolean
  windowOpen: boolean
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
  const person = createPerson(given, types)
  const ledger = createLedger()
  let { windowEndsAtMs } = surroundings
  const categoryOf = (content: MessageContent) =>
    categoryOfMessage({
      class: messageClass,
      isTemplate: content.type === 'template',
      templateCategory: templates?.of(content)?.category,
    })

  return {
    contactId: given.id,
    view: person.view,
    set: person.set,
    changeTags: person.changeTags,
    setConsent: person.setConsent,
    hear(text: string): void {
      windowEndsAtMs = clock.nowMs + windowMs
      history.hear(text)
    },
    happened: history.happened,
    changeSegments: history.changeSegments,
    historyNow: () => ({ ...history.now(windowEndsAtMs), ...person.consentsNow(history.consents) }),
    /** Whether the ledger has no answer for this message from before. */
    isNew: (request: SendRequest): boolean => !ledger.find(request),
    categoryOf,
    /** One message a key: `sent` is empty when the ledger has an answer from before. @param denial the arbiter's */
    send(request: SendRequest, denial?: Refusal): Sent {
      const windowOpen = windowEndsAtMs > clock.nowMs
      const before = ledger.find(request)
      if (before) return { refusal: before.refusal, isNew: false, windowOpen }
      const { content } = request
      const unwanted = consentRefusal(person.refused(), categoryOf(content))
      const guards = { unwanted, reachable: person.isReachable, windowOpen }
      const scope = { contact: person.view(), vars: request.vars, nowMs: clock.nowMs }
      const { content: sent, refusal: inGeneral } = composeMessage(content, scope, guards)
      const refusal = inGeneral ?? notSendable(templates, content) ?? denial
      ledger.keep(request, refusal)
      if (!refusal) history.sent()
      return { ...(refusal ? { refusal } : { sent }), isNew: true, windowOpen }
    },
  }
}

/** A contact that the journey changes. Whoever changes it makes a new one: hundreds of thousands are looked at, few are changed. */
function createPerson(given: SimulatedContact, types: ReadonlyMap<string, AttributeType> | undefined) {
  let contact = given
  let view: ContactView | undefined
  const said = new Map<ConsentCategory, ConsentState>()
  const change = (changes: Partial<SimulatedContact>) => {
    contact = { ...contact, ...changes }
    view = undefined
  }

  return {
    isReachable: Boolean(given.wa_id),
    view: (): ContactView => (view ??= toContactView(contact)),
    set(attributes: JsonObject): void {
      const { system, custom, problems } = checkAttributeValues(types ?? typesOf(attributes), attributes, {
        lenient: true,
      })
      if (problems.length > 0) {
        const words = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
        throw new CardFailure('invalid_input', words)
      }
      change({ ...system, attributes: { ...contact.attributes, ...custom } })
    },
    changeTags({ add, remove }: { add: string[]; remove: string[] }): { added: string[]; removed: string[] } {
      const { tags: before } = contact
      const tags = [...new Set([...before.filter((tag) => !remove.includes(tag)), ...add])]
      change({ tags })
      const added = tags.filter((tag) => !before.includes(tag))
      return { added, removed: before.filter((tag) => !tags.includes(tag)) }
    },
    setConsent({ category, state }: { category: ConsentScope; state: ConsentState }): void {
      const meant = categoriesOf(category)
      const others = refusedBy(contact).filter((each) => !meant.includes(each))
      const refusedCategories = state === 'opted_out' ? [...others, ...meant] : others
      const optedOut = refusedCategories.length === consentCategories.length
      for (const each of meant) said.set(each, state)
      change({ optedOut, refusedCategories, whatsapp_opted: !optedOut })
    },
    refused: () => ({ everything: contact.optedOut ?? false, categories: contact.refusedCategories ?? [] }),
    /** As conditions see them: what was said before and what the journey has it say. */
    consentsNow(before: ConditionHistory['consents']): Pick<ConditionHistory, 'consents' | 'optedOut'> {
      const states = new Map<string, ConsentState>([
        ...before.map(({ category, state }) => [category, state] as const),
        ...refusedBy(contact).map((category) => [category, 'opted_out'] as const),
        ...said,
      ])
      const consents = [...states].map(([category, state]) => ({ category, state }))
      return { consents, optedOut: contact.optedOut ?? false }
    },
  }
}

function refusedBy({ optedOut, refusedCategories = [] }: SimulatedContact): ConsentCategory[] {
  return optedOut ? [...consentCategories] : refusedCategories
}

/** What became of each message. One that was refused may be tried again under a later epoch. */
function createLedger() {
  const entries = new Map<string, { epoch: number; refusal: Refusal | undefined }>()
  return {
    find({ key, epoch }: SendRequest): { refusal: Refusal | undefined } | undefined {
      const entry = entries.get(key)
      return entry?.refusal !== undefined && epoch > entry.epoch ? undefined : entry
    },
    keep({ key, epoch }: SendRequest, refusal: Refusal | undefined): void {
      entries.set(key, { epoch, refusal })
    },
  }
}

/** Where no declarations are given, every value fits. */
function typesOf(attributes: JsonObject): Map<string, AttributeType> {
  return new Map(Object.keys(attributes).map((name) => [name, 'json']))
}

function notSendable(
  templates: SimulatedTemplates | undefined,
  content: MessageContent,
): Refusal | undefined {
  if (content.type !== 'template') return undefined
  const { name, language } = content.template
  return templates?.refusalOf(name, language.code)
}
