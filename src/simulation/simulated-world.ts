import { toContactView } from '../contacts/contact-view.ts'
import { checkAttributeValues } from '../contacts/check-contact-attributes.ts'
import { composeMessage, type Refusal } from '../inbox/compose-message.ts'
import { categoryOfMessage, consentRefusal, type ConsentCategory } from '../model/consent.ts'
import type { JsonObject } from '../model/json.ts'
import type { MessageClass, MessageContent } from '../model/message.ts'
import type { AttributeType } from '../model/event-attributes.ts'
import { CardFailure, type ContactView } from '../../workflows/cards/card.ts'
import type { SendRequest } from '../../workflows/cards/run-journey.ts'

/** A contact as the simulator keeps one: the columns that a view is made of. */
export type SimulatedContact = Parameters<typeof toContactView>[0] & {
  /** Of everything. */
  optedOut?: boolean
  refusedCategories?: ConsentCategory[]
}

export interface SimulationClock {
  nowMs: number
}

const windowMs = 24 * 60 * 60_000

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
    windowOpen: boolean
    messageClass: MessageClass
    types?: ReadonlyMap<string, AttributeType> | undefined
  },
) {
  const { windowOpen, messageClass, types } = surroundings
  let contact = structuredClone(given)
  let windowEndsAtMs = windowOpen ? clock.nowMs + windowMs : clock.nowMs
  const ledger = new Map<string, { epoch: number; refusal: Refusal | undefined }>()

  return {
    contactId: given.id,
    view: (): ContactView => structuredClone(toContactView(contact)),
    set(attributes: JsonObject): void {
      const { system, custom, problems } = checkAttributeValues(types ?? typesOf(attributes), attributes, {
        lenient: true,
      })
      if (problems.length > 0) {
        const words = problems.map(({ field, message }) => `${field} ${message}`).join('; ')
        throw new CardFailure('invalid_input', words)
      }
      contact = { ...contact, ...system, attributes: { ...contact.attributes, ...structuredClone(custom) } }
    },
    hear(): void {
      windowEndsAtMs = clock.nowMs + windowMs
    },
    /** One message a key: `sent` is empty when the ledger has an answer from before. */
    send({ key, epoch, content, vars }: SendRequest): {
      sent?: MessageContent
      refusal?: Refusal | undefined
      isNew: boolean
    } {
      const before = ledger.get(key)
      if (before && (!before.refusal || epoch <= before.epoch)) {
        return { refusal: before.refusal, isNew: false }
      }
      const { content: rendered, refusal } = composeMessage(
        content,
        { contact: toContactView(contact), vars },
        {
          unwanted: consentRefusal(
            { everything: contact.optedOut ?? false, categories: contact.refusedCategories ?? [] },
            categoryOfMessage({ class: messageClass, isTemplate: content.type === 'template' }),
          ),
          reachable: Boolean(contact.wa_id),
          windowOpen: windowEndsAtMs > clock.nowMs,
        },
      )
      ledger.set(key, { epoch, refusal })
      return refusal ? { refusal, isNew: true } : { sent: rendered, isNew: true }
    },
  }
}

/** Where no declarations are given, every value fits. */
function typesOf(attributes: JsonObject): Map<string, AttributeType> {
  return new Map(Object.keys(attributes).map((name) => [name, 'json']))
}
