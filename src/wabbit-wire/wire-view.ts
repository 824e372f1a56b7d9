import type { JsonObject } from '../model/json.ts'
import type { WireGroup, WireUser } from './users.ts'

/** Whose eyes a wire shape is for: absolute links begin with `baseUrl`, and what was received was by `userId`. */
export interface WireView {
  workspaceId: string
  /** Without a slash at its end. */
  baseUrl: string
  /** Null for who receives nothing oneself, such as a rule engine. */
  userId: string | null
}

export interface WirePerson {
  wa_id: string
  waba_payload: { profile: { name: string }; wa_id: string }
  initials: string
  /** POSIX seconds of what the contact said last to this number. */
  last_message_timestamp: number | null
}

export interface WireTag {
  id: number
  name: string
  web_inbox_color: string | null
}

/** A tag on a chat or a message. */
export interface WireTagged extends WireTag {
  tagging_id: number
  extra: JsonObject
}

/** As the on-premise API told of messages. */
export type WabaPayload = { id: string; type: string; timestamp: string } & Record<string, unknown>

export interface WireMessage {
  id: string
  waba_payload: WabaPayload
  waba_statuses: { sent: number; delivered: number; read: number }
  contact: WirePerson | null
  from_us: boolean
  received: boolean
  sender: WireUser | null
  /** The message that it answers, when it is known here. */
  context: Omit<WireMessage, 'contact' | 'context' | 'tags'> | null
  customer_wa_id: string
  tags: WireTagged[]
}

export interface WireChat {
  contact: WirePerson
  new_messages: number
  wa_id: string
  last_message: WireMessage | null
  assigned_to_user: WireUser | null
  assigned_group: WireGroup | null
  tags: WireTagged[]
}
