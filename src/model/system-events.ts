/**
 * What the product itself tells of a contact, beside the events that other systems send. Those with `stored: false` are
 * read out of the messages (the view `contact_events`) and have no row of their own.
 */
export const systemEvents = {
  contact_created: { stored: true, about: 'a contact is new', attributes: { source: 'string' } },
  contact_merged: {
    stored: true,
    about: 'another contact became this one',
    attributes: { other_id: 'uuid' },
  },
  attribute_changed: {
    stored: true,
    about: 'an attribute has another value',
    attributes: { name: 'string', old: 'json', new: 'json' },
  },
  tag_added: { stored: true, about: 'a tag was added', attributes: { tag: 'string' } },
  tag_removed: { stored: true, about: 'a tag was removed', attributes: { tag: 'string' } },
  note_added: { stored: true, about: 'a note was written', attributes: { note_id: 'uuid' } },
  marked_spam: { stored: true, about: 'the contact was marked as spam', attributes: {} },
  unmarked_spam: { stored: true, about: 'the spam mark was taken away', attributes: {} },
  segment_entered: {
    stored: true,
    about: 'the contact became a member of a segment',
    attributes: { segment_id: 'uuid', segment: 'string' },
  },
  segment_left: {
    stored: true,
    about: 'the contact is no member of a segment any more',
    attributes: { segment_id: 'uuid', segment: 'string' },
  },
  opted_in: {
    stored: true,
    about: 'the contact agreed to messages',
    attributes: { category: 'string', source: 'string' },
  },
  opted_out: {
    stored: true,
    about: 'the contact refused messages',
    attributes: { category: 'string', source: 'string' },
  },
  conversation_opened: {
    stored: true,
    about: 'a conversation began anew',
    attributes: { conversation_id: 'uuid' },
  },
  conversation_closed: {
    stored: true,
    about: 'a conversation ended',
    attributes: { conversation_id: 'uuid', outcome: 'string' },
  },
  deadline_missed: {
    stored: true,
    about: 'a conversation was not answered, or not closed, by when it should have been',
    attributes: { conversation_id: 'uuid', deadline: 'string' },
  },
  satisfaction_given: {
    stored: true,
    about: 'the contact said how a conversation was, by 1 to 5',
    attributes: { conversation_id: 'uuid', score: 'float' },
  },
  order_placed: {
    stored: true,
    about: 'an order came in',
    attributes: { order_id: 'string', total: 'float', currency: 'string', items: 'json' },
  },
  flow_completed: {
    stored: true,
    about: 'a WhatsApp Flow was filled in',
    attributes: { flow_id: 'string', answers: 'json' },
  },
  link_clicked: {
    stored: true,
    about: 'a link in a message was followed',
    attributes: { message_id: 'uuid', url: 'string', card_id: 'string' },
  },
  message_received: {
    stored: false,
    about: 'the contact wrote',
    attributes: { message_id: 'uuid', type: 'string', text: 'string' },
  },
  button_clicked: {
    stored: false,
    about: 'a button or a list row was tapped',
    attributes: { message_id: 'uuid', text: 'string', payload: 'string' },
  },
  message_sent: {
    stored: false,
    about: 'WhatsApp sent a message to the contact',
    attributes: { message_id: 'uuid', type: 'string', campaign_id: 'uuid' },
  },
  message_delivered: {
    stored: false,
    about: "a message reached the contact's phone",
    attributes: { message_id: 'uuid', type: 'string', campaign_id: 'uuid' },
  },
  message_read: {
    stored: false,
    about: 'the contact read a message',
    attributes: { message_id: 'uuid', type: 'string', campaign_id: 'uuid' },
  },
  message_failed: {
    stored: false,
    about: 'a message did not reach the contact',
    attributes: { message_id: 'uuid', type: 'string', campaign_id: 'uuid', code: 'string' },
  },
} as const satisfies Record<
  string,
  { stored: boolean; about: string; attributes: Record<string, 'string' | 'uuid' | 'float' | 'json'> }
>
export type SystemEvent = keyof typeof systemEvents

export function isSystemEvent(type: string): type is SystemEvent {
  return Object.hasOwn(systemEvents, type)
}

/** Shops outside send orders too, as a declared event of the same name: it means the same. */
const sharedWithOthers = new Set<string>(['order_placed'])

/** Whether a custom event type may not take this name. */
export function isReservedEvent(type: string): boolean {
  return isSystemEvent(type) && !sharedWithOthers.has(type)
}
