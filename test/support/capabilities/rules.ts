import type { Capabilities } from './capabilities.ts'

/** Who gets a chat. */
export const ofRules: Record<string, Capabilities> = {
  'default rules': {
    list: 'GET /tag-rules',
    add: 'POST /tag-rules',
    look: 'GET /tag-rules/{id}',
    change: 'PATCH /tag-rules/{id}',
    delete: 'DELETE /tag-rules/{id}',
  },
  'a rule engine of one’s own': {
    'see whether it answers': 'GET /rule-engine',
    set: 'PUT /rule-engine',
    'go back to the default rules': 'DELETE /rule-engine',
    try: 'POST /rule-engine/test',
  },
  'assignment rules': {
    list: 'GET /assignment-rules',
    add: 'POST /assignment-rules',
    look: 'GET /assignment-rules/{id}',
    change: 'PATCH /assignment-rules/{id}',
    delete: 'DELETE /assignment-rules/{id}',
    'put into another order': 'PUT /assignment-rules/order',
    'try with a message': 'POST /assignment-rules/test',
  },
  'the queue': { list: 'GET /queue', 'take the next one': 'POST /queue/next' },
  presence: { look: 'GET /users/me/presence', set: 'PUT /users/me/presence' },
}
