import { describeApi } from '../src/kit/openapi.ts'
import { dialects, platformRoutes } from '../src/server.ts'

const { paths = {} } = describeApi(platformRoutes)
const operations = new Set(
  Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item as object).map(
      (method) => `${method.toUpperCase()} ${path.replace('/platform/v1', '')}`,
    ),
  ),
)
const missing = (wanted: Record<string, string | string[]>) =>
  Object.entries(wanted).flatMap(([capability, needs]) =>
    [needs]
      .flat()
      .filter((operation) => !operations.has(operation))
      .map((operation) => `${capability}: ${operation}`),
  )

/** What each row of a vendor's API is on the platform's: whatever one can do there, the web app can. */
const ofDialects: Record<string, Record<string, string | string[]>> = {
  chatman: {
    'Get Contacts List': ['GET /contacts', 'GET /contacts/changes'],
    'Get Multiple Contacts Details': 'POST /contacts/lookup',
    'Get Contact Details': 'GET /contacts/{id}',
    'Add Contact': 'POST /contacts',
    'Check Contact': 'POST /contacts/check',
    'Check Contact Identity': 'GET /contacts/{id}/whatsapp-identity',
    'Update Contact Identity': 'PATCH /contacts/{id}/whatsapp-identity',
    'Update Contact': ['PATCH /contacts/{id}', 'PUT /contacts/{id}/consent'],
    'Get Segments List': 'GET /segments',
    'Create Segment': ['POST /segments', 'POST /segments/{id}/subscribe'],
    'Evaluate Segment': ['POST /segments/{id}/evaluate', 'GET /segments/{id}/members'],
    'Subscribe to a Segment': 'POST /segments/{id}/subscribe',
    'Unsubscribe from a Segment': 'POST /segments/{id}/unsubscribe',
    'Get All Events for a User': 'GET /contacts/{id}/events',
    'Get System Attribute Types': 'GET /attributes',
    'Evaluate Chat Status': 'GET /contacts/{id}/chat-status',
    'Evaluate User Status': 'GET /contacts/{id}/status',
    'Get System Events': ['GET /contacts/{id}/events', 'GET /system-events'],
    'Evaluate User System Events': 'GET /contacts/{id}/event-summary',
    'Get Custom Triggered Events': 'GET /events',
    'Get Specific Custom Triggered Event': 'GET /events/{id}',
    'Trigger Custom Event': 'POST /events',
    'Get Custom Events': 'GET /event-types',
    'Create Custom Event Type': 'POST /event-types',
    'Get All Journey': 'GET /journeys',
    'Get All Journey Users': 'GET /journeys/{id}/users',
    'Delete Journey': 'DELETE /journeys/{id}',
    'Send Text Message': 'POST /conversations/{id}/messages',
    'Send List Message': 'POST /conversations/{id}/messages',
  },
  engati: {
    'API Trigger (v1.0)': 'POST /journeys/{id}/runs',
    'API Trigger (v2.0)': 'POST /journeys/{id}/runs',
  },
}

test.each(dialects.map((dialect) => [dialect.name, dialect] as const))(
  'every row of %s is listed here, and is on the platform too',
  (name, { routes }) => {
    const listed = ofDialects[name] ?? {}
    expect(routes.map(({ summary }) => summary).sort()).toEqual(Object.keys(listed).sort())
    expect(missing(listed)).toEqual([])
  },
)

/** What a person does with the audience, room by room. */
const ofRooms: Record<string, Record<string, string | string[]>> = {
  contacts: {
    create: 'POST /contacts',
    'show with identities': 'GET /contacts/{id}',
    'change attributes and tags': 'PATCH /contacts/{id}',
    'erase for good': 'DELETE /contacts/{id}',
    'claim an identity, and end a claim': [
      ...['POST /contacts/{id}/identities', 'DELETE /contacts/{id}/identities/{identityId}'],
    ],
    merge: 'POST /contacts/{id}/merge',
    unmerge: 'POST /merges/{id}/undo',
    'declare attributes': [
      'GET /attributes',
      'POST /attributes',
      'PATCH /attributes/{name}',
      'DELETE /attributes/{name}',
    ],
    tags: ['GET /tags', 'POST /tags/replace', 'POST /tags/delete'],
    notes: [
      ...['GET /contacts/{id}/notes', 'POST /contacts/{id}/notes', 'PATCH /contacts/{id}/notes/{noteId}'],
      'DELETE /contacts/{id}/notes/{noteId}',
    ],
    'mark as spam': 'PUT /contacts/{id}/spam',
    'search, filter and sort': ['GET /contacts', 'POST /contacts/query'],
    'saved views': [
      ...[
        'GET /contact-views',
        'POST /contact-views',
        'PATCH /contact-views/{id}',
        'DELETE /contact-views/{id}',
      ],
    ],
    'change many at once': [
      ...['GET /contact-batches', 'POST /contact-batches', 'GET /contact-batches/{id}'],
      'POST /contact-batches/{id}/cancel',
    ],
    'customer 360': ['GET /contacts/{id}/profile', 'GET /contacts/{id}/timeline', 'GET /contacts/{id}/why'],
    'protect a number against changed identities': 'PUT /numbers/{id}/identity-check',
  },
  'import and export': {
    'upload a file': 'POST /imports',
    'map columns': 'PUT /imports/{id}/mapping',
    start: 'POST /imports/{id}/start',
    'see progress': ['GET /imports', 'GET /imports/{id}'],
    pause: 'POST /imports/{id}/pause',
    resume: 'POST /imports/{id}/resume',
    cancel: 'POST /imports/{id}/cancel',
    'download the rejects': 'GET /imports/{id}/rejects',
    'remove an import': 'DELETE /imports/{id}',
    export: [
      'POST /exports',
      'GET /exports',
      'GET /exports/{id}',
      'GET /exports/{id}/file',
      'DELETE /exports/{id}',
    ],
  },
  consent: {
    'see how it stands': 'GET /contacts/{id}/consent',
    'record opt-in and opt-out by category': 'PUT /contacts/{id}/consent',
    'see the proof': [
      ...['GET /contacts/{id}/consent/history', 'GET /consent/records', 'GET /consent/records/{id}'],
    ],
    'keywords, replies and DND': [
      'GET /consent/settings',
      'PUT /consent/settings',
      'DELETE /consent/settings',
    ],
    'languages that ship': 'GET /consent/languages',
    'try a message out': 'POST /consent/try',
  },
  events: {
    'declare types': [
      'GET /event-types',
      'POST /event-types',
      'PATCH /event-types/{id}',
      'DELETE /event-types/{id}',
    ],
    trigger: 'POST /events',
    'history of a contact': ['GET /contacts/{id}/events', 'GET /contacts/{id}/event-summary'],
    'list and show': ['GET /events', 'GET /events/{id}', 'GET /system-events'],
    retention: ['GET /event-settings', 'PUT /event-settings'],
  },
  segments: {
    'create static and live': 'POST /segments',
    'list, search and show': ['GET /segments', 'GET /segments/{id}'],
    'rename and change the condition': 'PATCH /segments/{id}',
    delete: 'DELETE /segments/{id}',
    duplicate: 'POST /segments/{id}/duplicate',
    'subscribe and unsubscribe': ['POST /segments/{id}/subscribe', 'POST /segments/{id}/unsubscribe'],
    'count and sample while editing': 'POST /segments/preview',
    members: 'GET /segments/{id}/members',
    'who is in it, and why': 'POST /segments/{id}/evaluate',
    'when a contact entered and left': 'GET /segments/{id}/history/{contactId}',
  },
  templates: {
    create: 'POST /templates',
    'list and show': ['GET /templates', 'GET /templates/{id}'],
    edit: 'PATCH /templates/{id}',
    delete: 'DELETE /templates/{id}',
    'judge by guidelines': ['GET /template-rules', 'POST /templates/lint'],
    submit: 'POST /templates/{id}/submit',
    sync: 'POST /templates/sync',
    'archive and bring back': ['POST /templates/{id}/archive', 'POST /templates/{id}/unarchive'],
    library: ['GET /template-library', 'GET /template-library/{id}', 'POST /template-library/{id}/install'],
    'language variants with fallback': [
      ...['GET /templates/{id}/variants', 'GET /templates/resolve', 'PUT /template-settings'],
    ],
    preview: ['POST /templates/preview', 'POST /templates/{id}/preview'],
    'where used': 'GET /templates/{id}/uses',
    'sample files': 'POST /template-samples',
  },
  'one voice': {
    'caps, gap, quiet hours': ['GET /arbiter-settings', 'PUT /arbiter-settings'],
    'may I write now, and why not': 'GET /contacts/{id}/may-send',
    'take a chat over': ['POST /conversations/{id}/take-over', 'POST /conversations/{id}/typing'],
    'hand it back': 'POST /conversations/{id}/hand-back',
    'who has which chat': 'GET /takeovers',
    'takeovers by deed': ['GET /takeover-settings', 'PUT /takeover-settings'],
  },
  'systems outside': {
    'what can be connected': 'GET /integrations',
    'give, change and take credentials': [
      ...['GET /connections', 'POST /connections', 'GET /connections/{id}', 'PATCH /connections/{id}'],
      'DELETE /connections/{id}',
    ],
    'test credentials': 'POST /connections/{id}/test',
    'where used': 'GET /connections/{id}/uses',
    'try a call or an action out': [
      ...['POST /json-api/try', 'POST /integrations/{id}/actions/{action}/try'],
    ],
    'try a script out': 'POST /scripts/try',
  },
  labels: {
    'label a chat': ['GET /conversations/{id}/labels', 'POST /conversations/{id}/labels'],
    'labels in use': 'GET /labels',
  },
  reports: {
    'what became of runs': ['GET /journeys/{id}/report', 'GET /journeys/{id}/report/versions'],
    'day by day': ['GET /journeys/{id}/report/days', 'GET /journeys/{id}/report/days/csv'],
    'of cards': ['GET /journeys/{id}/report/cards', 'GET /journeys/{id}/report/cards/csv'],
    'of messages': ['GET /journeys/{id}/report/messages', 'GET /journeys/{id}/report/messages/csv'],
    'of experiments': ['GET /journeys/{id}/report/experiments', 'GET /journeys/{id}/report/experiments/csv'],
    'count anew': 'POST /journeys/{id}/report/rebuild',
    'who is inside, and how they stand': ['GET /journeys/{id}/users', 'GET /journeys/{id}/users/csv'],
    'search and filter journeys': 'GET /journeys',
  },
  'ready-made journeys': {
    'list and show': ['GET /journey-templates', 'GET /journey-templates/{name}'],
    install: 'POST /journey-templates/{name}/install',
  },
  blocks: {
    create: 'POST /blocks',
    'list, search and show': ['GET /blocks', 'GET /blocks/{id}'],
    edit: 'PATCH /blocks/{id}',
    delete: 'DELETE /blocks/{id}',
    preview: ['POST /blocks/preview', 'POST /blocks/{id}/preview'],
    'where used': 'GET /blocks/{id}/uses',
    'send from the inbox': 'POST /conversations/{id}/messages',
  },
  flows: {
    'create from JSON': ['POST /flows', 'PATCH /flows/{id}'],
    'list and show': ['GET /flows', 'GET /flows/{id}'],
    validate: 'POST /flows/validate',
    publish: 'POST /flows/{id}/publish',
    deprecate: 'POST /flows/{id}/deprecate',
    'keys of the data endpoint': ['GET /numbers/{id}/flow-keys', 'POST /numbers/{id}/flow-keys'],
    answers: ['GET /flow-answers', 'GET /flow-answers/csv'],
  },
  media: {
    upload: 'POST /media',
    'list, search and show': ['GET /media', 'GET /media/{id}'],
    download: 'GET /media/{id}/file',
    rename: 'PATCH /media/{id}',
    'take out of the library': 'DELETE /media/{id}',
  },
  'what customers did with cards': {
    'answers to questions': ['GET /journeys/{id}/answers', 'GET /journeys/{id}/answers/csv'],
    'clicks on links': 'GET /link-clicks',
  },
  catalog: {
    catalogs: [
      'GET /catalogs',
      'POST /catalogs',
      'GET /catalogs/{id}',
      'PATCH /catalogs/{id}',
      'DELETE /catalogs/{id}',
    ],
    products: [
      'GET /products',
      'POST /products',
      'GET /products/{id}',
      'PATCH /products/{id}',
      'DELETE /products/{id}',
    ],
    sets: [
      ...['GET /product-sets', 'POST /product-sets', 'GET /product-sets/{id}', 'PATCH /product-sets/{id}'],
      'DELETE /product-sets/{id}',
    ],
    'fill by CSV': 'POST /catalogs/{id}/import',
    orders: ['GET /orders', 'POST /orders', 'GET /orders/{id}', 'POST /orders/{id}/status'],
  },
  simulations: {
    'try a journey out on one contact': 'POST /journeys/{id}/simulate',
    'over an audience': ['GET /journeys/{id}/simulations', 'POST /journeys/{id}/simulations'],
    'progress, result and cancel': [
      ...[
        'GET /journeys/{id}/simulations/{simulationId}',
        'DELETE /journeys/{id}/simulations/{simulationId}',
      ],
      'POST /journeys/{id}/simulations/{simulationId}/cancel',
    ],
    "a contact's timeline": 'GET /journeys/{id}/simulations/{simulationId}/contacts/{n}',
    'what messages cost': [
      ...['GET /rate-cards', 'POST /rate-cards', 'POST /rate-cards/example', 'GET /rate-cards/{id}'],
      ...['PUT /rate-cards/{id}', 'DELETE /rate-cards/{id}'],
    ],
  },
  'many runs at once': {
    'see what it would do': 'POST /bulk-operations/preview',
    'resolve, cancel and restart': 'POST /bulk-operations',
    'see progress': ['GET /bulk-operations', 'GET /bulk-operations/{id}', 'GET /bulk-operations/{id}/items'],
    'pause, resume and cancel': [
      ...['POST /bulk-operations/{id}/pause', 'POST /bulk-operations/{id}/resume'],
      'POST /bulk-operations/{id}/cancel',
    ],
  },
  pauses: {
    'of a journey': [
      ...['POST /journeys/{id}/pause', 'POST /journeys/{id}/resume', 'GET /journeys/{id}/backlog'],
    ],
    'of a contact': [
      ...['POST /contacts/{id}/pause', 'POST /contacts/{id}/resume', 'GET /contacts/{id}/backlog'],
    ],
    'of a number': ['POST /numbers/{id}/pause', 'POST /numbers/{id}/resume', 'GET /numbers/{id}/backlog'],
    'of everything': ['POST /workspace/pause', 'POST /workspace/resume', 'GET /workspace/backlog'],
    'see them': 'GET /pauses',
    'emergency stop': ['POST /emergency-stop', 'POST /emergency-stop/release', 'GET /emergency-stop'],
    'what escaped it': 'GET /emergency-stop/{id}/escaped',
  },
  'API management': {
    'keys of every API': ['GET /api-keys', 'POST /api-keys', 'DELETE /api-keys/{id}'],
    'Postman collection': ['GET /postman-collection', 'POST /postman-collection'],
  },
}

test.each(Object.entries(ofRooms))('everything that one can do with %s has its operation', (_room, verbs) => {
  expect(missing(verbs)).toEqual([])
})
