import type { Capabilities } from './capabilities.ts'

/** What chats do by the clock, and by themselves. */
export const ofLifecycle: Record<string, Capabilities> = {
  'the life of a chat': {
    'hours, deadlines, timers, automatic messages': ['GET /inbox-settings', 'PUT /inbox-settings'],
  },
}
