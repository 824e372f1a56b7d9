import type { Capabilities } from './capabilities.ts'

/** What a person does with the audience, room by room. */
export const ofAudience: Record<string, Capabilities> = {
  'variable groups': {
    create: 'POST /variable-groups',
    'create from a file, extend and make an audience of it': 'POST /variable-groups/upload',
    'list and search': 'GET /variable-groups',
    show: 'GET /variable-groups/{id}',
    change: 'PATCH /variable-groups/{id}',
    delete: 'DELETE /variable-groups/{id}',
    values: [
      ...['GET /variable-groups/{id}/values', 'POST /variable-groups/{id}/values'],
      'DELETE /variable-groups/{id}/values/{phone}',
    ],
  },
  'campaign reports': {
    'what became of a run and of all runs': [
      ...['GET /campaign-runs/{id}/statistics', 'GET /campaigns/{id}/statistics'],
    ],
    'over time': 'GET /campaign-runs/{id}/timeline',
    compare: 'GET /campaigns/compare',
    'count anew': 'POST /campaign-runs/{id}/statistics/rebuild',
    'everybody with the whole story': [
      'GET /campaign-runs/{id}/recipients',
      'GET /campaign-runs/{id}/export',
    ],
    'what happened to messages': 'GET /campaigns/{id}/events',
    proof: ['GET /campaign-runs/{id}/certificate', 'GET /campaign-runs/{id}/certificate.csv'],
  },
  autopilot: {
    'how a number is, and its reach': 'GET /numbers/{id}/health',
    'see and change what it does': ['GET /numbers/{id}/autopilot', 'PUT /numbers/{id}/autopilot'],
    'stop a number or a template, and see what is stopped': [
      ...['POST /numbers/{id}/stops', 'GET /numbers/{id}/stops'],
    ],
    'lift a stop': 'POST /number-stops/{id}/lift',
  },
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
}
