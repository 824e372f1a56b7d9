import type { Capabilities } from './capabilities.ts'

/** What chats do by the clock, and by themselves. */
export const ofLifecycle: Record<string, Capabilities> = {
  'the life of a chat': {
    'schedule a message': [
      'POST /conversations/{id}/scheduled-messages',
      'GET /conversations/{id}/scheduled-messages',
      'GET /scheduled-messages',
      'GET /scheduled-messages/{id}',
    ],
    'change, cancel, release what is held': [
      'PATCH /scheduled-messages/{id}',
      'DELETE /scheduled-messages/{id}',
      'POST /scheduled-messages/{id}/release',
    ],
    'how customers found it': ['GET /satisfaction', 'GET /satisfaction/summary'],
    'hours, deadlines, timers, automatic messages': ['GET /inbox-settings', 'PUT /inbox-settings'],
  },
}
