import type { Capabilities } from './capabilities.ts'

/** What a person does with what is sent, and with the systems that it comes from. */
export const ofContent: Record<string, Capabilities> = {
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
  messages: {
    show: 'GET /messages/{id}',
    'send again': 'POST /messages/{id}/retry',
    'react to': 'POST /messages/{id}/reaction',
  },
  media: {
    upload: 'POST /media',
    'list, search and show': ['GET /media', 'GET /media/{id}'],
    download: 'GET /media/{id}/file',
    rename: 'PATCH /media/{id}',
    'take out of the library': 'DELETE /media/{id}',
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
  'API management': {
    'keys of every API': ['GET /api-keys', 'POST /api-keys', 'DELETE /api-keys/{id}'],
    'Postman collection': ['GET /postman-collection', 'POST /postman-collection'],
  },
  campaigns: {
    create: 'POST /campaigns',
    'list, search and show': ['GET /campaigns', 'GET /campaigns/{id}'],
    edit: 'PATCH /campaigns/{id}',
    delete: 'DELETE /campaigns/{id}',
    'archive and bring back': ['POST /campaigns/{id}/archive', 'POST /campaigns/{id}/unarchive'],
    'check, estimate and preview': 'POST /campaigns/{id}/check',
    'launch now, at a time or where people live': 'POST /campaigns/{id}/launch',
    'run again': 'POST /campaigns/{id}/launch',
    'trigger by API': 'POST /campaigns/{id}/trigger',
    'see the next runs': 'GET /campaigns/{id}/next-runs',
    'pause, resume and end': [
      ...['POST /campaigns/{id}/pause', 'POST /campaigns/{id}/resume', 'POST /campaigns/{id}/end'],
    ],
    'see its runs': ['GET /campaigns/{id}/runs', 'GET /campaign-runs'],
    'see progress': 'GET /campaign-runs/{id}',
    'see what followed from a run': 'GET /campaign-runs/{id}/follow-ups',
    'pause, resume and cancel a run': [
      ...['POST /campaign-runs/{id}/pause', 'POST /campaign-runs/{id}/resume'],
      'POST /campaign-runs/{id}/cancel',
    ],
    'set the speed of a run': 'POST /campaign-runs/{id}/speed',
  },
}
