import type { Capabilities } from './capabilities.ts'

/** Who is called back when something happens in the inbox. */
export const ofWebhooks: Record<string, Capabilities> = {
  'webhook endpoints': {
    'list and show': ['GET /webhook-endpoints', 'GET /webhook-endpoints/{id}'],
    'create, change, delete': [
      ...['POST /webhook-endpoints', 'PATCH /webhook-endpoints/{id}', 'DELETE /webhook-endpoints/{id}'],
    ],
    'another secret': 'POST /webhook-endpoints/{id}/secret/rotate',
    'enable again': 'POST /webhook-endpoints/{id}/enable',
    ping: 'POST /webhook-endpoints/{id}/test',
    'log of deliveries and attempts': [
      ...['GET /webhook-endpoints/{id}/deliveries', 'GET /webhook-endpoints/{id}/deliveries/{deliveryId}'],
    ],
    'send again': [
      ...[
        'POST /webhook-endpoints/{id}/deliveries/{deliveryId}/replay',
        'POST /webhook-endpoints/{id}/replay',
      ],
    ],
  },
}
