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
}
