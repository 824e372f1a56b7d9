import type { Capabilities } from './capabilities.ts'

/** What a person does with journeys, and with the runs and chats that they lead to. */
export const ofJourneys: Record<string, Capabilities> = {
  'one voice': {
    'caps, gap, quiet hours': ['GET /arbiter-settings', 'PUT /arbiter-settings'],
    'may I write now, and why not': 'GET /contacts/{id}/may-send',
    'take a chat over': ['POST /conversations/{id}/take-over', 'POST /conversations/{id}/typing'],
    'hand it back': 'POST /conversations/{id}/hand-back',
    'who has which chat': 'GET /takeovers',
    'whom a chat may be handed to': 'GET /users',
    'takeovers by deed': ['GET /takeover-settings', 'PUT /takeover-settings'],
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
    'what its forms ask': ['GET /cards', 'GET /journey-definition-schema'],
  },
  'what customers did with cards': {
    'answers to questions': ['GET /journeys/{id}/answers', 'GET /journeys/{id}/answers/csv'],
    'clicks on links': 'GET /link-clicks',
  },
  'people inside, moved to another version': {
    'see whom it would move, and back': [
      'POST /journeys/{id}/migrations/preview',
      'POST /journeys/{id}/migrations/{migrationId}/rollback/preview',
    ],
    'move, and bring back': [
      ...['POST /journeys/{id}/migrations', 'POST /journeys/{id}/migrations/{migrationId}/rollback'],
    ],
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
    'what must hold at every publish': [
      ...['GET /journey-assertion-schema', 'GET /journeys/{id}/assertions', 'POST /journeys/{id}/assertions'],
      'POST /journeys/{id}/assertions/run',
    ],
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
}
