/**
 * What stands in the paths, queries and bodies of the platform's API, so that the matrix can put a stranger's there: the
 * table of the thing, `product` for what the product brings along and shows everybody, `within` for what has a name only
 * inside of what stands before it. A route with anything else fails the matrix: add a line here.
 */
export const ofPaths: Record<string, string> = {
  'activations/:code': 'product',
  'api-keys/:id': 'api_keys',
  'attributes/:name': 'within',
  'blocks/:id': 'blocks',
  'bulk-operations/:id': 'bulk_operations',
  'campaign-runs/:id': 'campaign_runs',
  'campaigns/:id': 'campaigns',
  'catalogs/:id': 'catalogs',
  'connections/:id': 'app_connections',
  'records/:id': 'consent_log',
  'contact-batches/:id': 'contact_batches',
  'contact-views/:id': 'contact_views',
  'contacts/:id': 'contacts',
  'contacts/:n': 'within',
  'contacts/:phone': 'within',
  'identities/:identityId': 'identities',
  'notes/:noteId': 'contact_notes',
  'conversations/:id': 'conversations',
  'emergency-stop/:id': 'holds',
  'entry-points/:id': 'entry_points',
  'event-types/:id': 'event_types',
  'events/:id': 'events',
  'exports/:id': 'exports',
  'flows/:id': 'flows',
  'groups/:id': 'groups',
  'members/:userId': 'users',
  'imports/:id': 'imports',
  'integrations/:id': 'product',
  'actions/:action': 'product',
  'journey-templates/:name': 'product',
  'journeys/:id': 'journeys',
  'assertions/:assertionId': 'journey_assertions',
  'migrations/:migrationId': 'journey_migrations',
  'simulations/:simulationId': 'simulations',
  'certifications/:certificationId': 'certifications',
  'versions/:number': 'within',
  'media/:id': 'media',
  'merges/:id': 'contact_merges',
  'messages/:id': 'messages',
  'taggings/:taggingId': 'message_taggings',
  'number-stops/:id': 'number_stops',
  'numbers/:id': 'phone_numbers',
  'orders/:id': 'orders',
  'product-sets/:id': 'product_sets',
  'products/:id': 'products',
  'rate-cards/:id': 'rate_cards',
  'roles/:id': 'roles',
  'runs/:id': 'runs',
  'segments/:id': 'segments',
  'history/:contactId': 'contacts',
  'tags/:id': 'tags',
  'chat-tags/:id': 'tags',
  'template-library/:id': 'product',
  'templates/:id': 'templates',
  'inbox-views/:id': 'inbox_views',
  'saved-responses/:id': 'saved_responses',
  'scheduled-messages/:id': 'scheduled_messages',
  'assignment-rules/:id': 'assignment_rules',
  'webhook-endpoints/:id': 'webhook_endpoints',
  'deliveries/:deliveryId': 'webhook_deliveries',
  'tag-rules/:id': 'tag_rules',
  'users/:id': 'users',
  'sessions/:id': 'sessions',
  'variable-groups/:id': 'variable_groups',
  'values/:phone': 'within',
}

/** Ids in queries and bodies. `free` is whatever its author calls it: Meta's ids, ids of one's own, of cards. */
export const ofFields: Record<string, string> = {
  numberId: 'phone_numbers',
  roleId: 'roles',
  groupIds: 'groups',
  segmentId: 'segments',
  segmentIds: 'segments',
  journeyId: 'journeys',
  campaignId: 'campaigns',
  otherId: 'contacts',
  contactId: 'contacts',
  contactIds: 'contacts',
  eventId: 'free',
  entryPointIds: 'entry_points',
  sourceIds: 'free',
  groupId: 'groups',
  catalogId: 'catalogs',
  setId: 'product_sets',
  productId: 'products',
  productIds: 'products',
  thumbnailProductId: 'products',
  conversationId: 'conversations',
  messageId: 'messages',
  userId: 'users',
  tagId: 'tags',
  blockId: 'blocks',
  versionId: 'journey_versions',
  connectionId: 'app_connections',
  runId: 'runs',
  runIds: 'runs',
  flowId: 'flows',
  ids: 'contacts',
  id: 'free',
  scopeId: 'journeys',
  cardId: 'free',
  buttonId: 'free',
  waId: 'free',
  waIds: 'free',
  externalId: 'free',
  externalIds: 'free',
  phoneNumberId: 'free',
  wabaId: 'free',
  portfolioId: 'free',
  metaCatalogId: 'free',
  retailerId: 'free',
  retailerIds: 'free',
  thumbnailRetailerId: 'free',
}

const nobodys = '00000000-0000-7000-8000-000000000000'

/** What must stand in a query for the path to be looked at. */
export const queries: Record<string, string> = {
  'GET /platform/v1/contacts/:id/chat-status': `?numberId=${nobodys}`,
  'GET /platform/v1/contacts/:id/whatsapp-identity': `?numberId=${nobodys}`,
  'GET /platform/v1/contacts/:id/why': `?message=${nobodys}`,
}

const assertion = { name: 'says hello', scene: {}, expectations: [{ expect: 'receives', text: 'hello' }] }

/** Bodies of routes whose schema's plainest example breaks a rule that the schema cannot say. */
export const bodies: Record<string, unknown> = {
  'PATCH /platform/v1/contacts/:id': { firstName: 'Ann' },
  'PATCH /platform/v1/flows/:id': { name: 'Another' },
  'POST /platform/v1/contacts/:id/identities': { kind: 'external', value: 'a-1' },
  'POST /platform/v1/conversations/:id/messages': { content: { type: 'text', text: { body: 'hello' } } },
  'POST /platform/v1/conversations/:id/scheduled-messages': {
    content: { type: 'text', text: { body: 'hello' } },
    dueAt: '2027-01-01T09:00:00Z',
  },
  'PATCH /platform/v1/scheduled-messages/:id': { dueAt: '2027-01-01T09:00:00Z' },
  'PATCH /platform/v1/webhook-endpoints/:id': { url: 'https://example.com/hook' },
  'POST /platform/v1/journeys/:id/assertions': assertion,
  'PUT /platform/v1/journeys/:id/assertions/:assertionId': assertion,
  'POST /platform/v1/journeys/:id/assertions/run': {},
  'PUT /platform/v1/imports/:id/mapping': { columns: [{ column: 'phone', to: 'phone_number' }] },
  'PUT /platform/v1/rate-cards/:id': {
    ...{ name: 'Prices', currency: 'USD', effectiveFrom: '2026-01-01T00:00:00Z' },
    rates: [{ country: '*', category: 'marketing', price: '0.01' }],
  },
  'POST /platform/v1/emergency-stop': { scope: 'journey', scopeId: nobodys, reason: 'a try' },
  'POST /platform/v1/emergency-stop/release': { scope: 'journey', scopeId: nobodys },
  'POST /platform/v1/numbers/:id/stops': { scope: 'campaigns', reason: 'a try' },
}

/**
 * Routes that answer a stranger's id otherwise than with 404: just as they answer an id that never was, which the matrix
 * holds them to.
 */
export const otherwise: Record<string, { status: number; why: string }> = {
  'GET /platform/v1/contacts/:id/backlog': { status: 409, why: 'what was not paused has none' },
  'GET /platform/v1/journeys/:id/backlog': { status: 409, why: 'what was not paused has none' },
  'GET /platform/v1/numbers/:id/backlog': { status: 409, why: 'what was not paused has none' },
  'GET /platform/v1/journeys/:id/simulations': { status: 200, why: 'an empty list' },
  'GET /platform/v1/numbers/:id/flow-keys': { status: 422, why: 'says that there is no such number' },
  'POST /platform/v1/numbers/:id/flow-keys': { status: 422, why: 'says that there is no such number' },
  'POST /platform/v1/catalogs/:id/import': { status: 415, why: 'the file is looked at first' },
}

/** Bodies in which a stranger's id is answered with success, and why that tells and changes nothing. */
export const mayName: Record<string, string> = {
  'POST /platform/v1/consent/try': 'nothing is read by it but rules, and there are none',
  'POST /platform/v1/contact-batches': 'looks for them among the own contacts, where they are not',
  'POST /platform/v1/notifications/read': 'reads none: they are nobody’s of the own',
  'POST /platform/v1/contacts/lookup': 'answers that it names nobody',
}

/** What not even its owner finds in rows that only stand for their kind. */
export const unfound: Record<string, string> = {
  'GET /platform/v1/contacts/:id/whatsapp-identity': 'the number is nobody’s',
  'GET /platform/v1/contacts/:id/why': 'the message is nobody’s',
  'GET /platform/v1/media/:id': 'the file never came',
  'GET /platform/v1/media/:id/file': 'the file never came',
  'GET /platform/v1/media/:id/thumbnail': 'the file never came',
  'GET /platform/v1/emergency-stop/:id/escaped': 'the hold is of no kind',
}
