import { readFileSync } from 'node:fs'

interface Access {
  phoneNumberId: string
  wabaId: string
  displayNumber: string
}
type Raw = Record<string, unknown>

/** Meta's envelope around one change of one number. */
export function changeBody(access: Access, field: string, value: object): object {
  return { object: 'whatsapp_business_account', entry: [{ id: access.wabaId, changes: [{ field, value }] }] }
}

export function messageBody(access: Access, value: object): object {
  const metadata = { phone_number_id: access.phoneNumberId, display_phone_number: access.displayNumber }
  return changeBody(access, 'messages', { messaging_product: 'whatsapp', metadata, ...value })
}

/** Recorded webhook messages by name (david-lev/pywa, tests/data/updates; MIT, Copyright (c) David Lev). */
export function webhookMessages(): { name: string; messages: (Raw & { type: string })[]; contacts: Raw[] }[] {
  const file = new URL('../fixtures/webhook-messages.json', import.meta.url)
  const bodies = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    { entry: { changes: { value: Raw }[] }[] }
  >
  return Object.entries(bodies).map(([name, body]) => {
    const value = body.entry[0]?.changes[0]?.value ?? {}
    return { name, messages: value['messages'] as never, contacts: (value['contacts'] ?? []) as never }
  })
}

/** Meta's webhook fields of a WhatsApp business account that carry neither messages nor statuses. */
export const unknownFields = [
  'account_alerts',
  'account_offboarded',
  'account_reconnected',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'automatic_events',
  'business_capability_update',
  'business_status_update',
  'calls',
  'consumer_profile',
  'flows',
  'group_lifecycle_update',
  'group_participants_update',
  'group_settings_update',
  'group_status_update',
  'history',
  'message_echoes',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'messaging_handovers',
  'partner_solutions',
  'payment_configuration_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'smb_app_state_sync',
  'smb_message_echoes',
  'standby',
  'template_category_update',
  'template_correct_category_detection',
  'tracking_events',
  'user_id_update',
  'user_preferences',
  'a_field_of_tomorrow',
]
