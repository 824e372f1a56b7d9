import type { Capabilities } from './capabilities.ts'

/** What agents do in the team inbox. */
export const ofInbox: Record<string, Capabilities> = {
  conversations: {
    'list, filter, sort and search': 'GET /conversations',
    'count each view': 'GET /conversations/counts',
    'look at one, and write first': ['GET /conversations/{id}', 'POST /conversations'],
    'open, pending, snoozed, closed; priority': 'PATCH /conversations/{id}',
    'its episodes before': 'GET /conversations/{id}/episodes',
    'give, claim, and see who had it': [
      'POST /conversations/{id}/assignment',
      'POST /conversations/{id}/claim',
      'GET /conversations/{id}/assignments',
    ],
    'saved views': [
      ...['GET /inbox-views', 'POST /inbox-views', 'PATCH /inbox-views/{id}', 'DELETE /inbox-views/{id}'],
    ],
    'many at once': 'POST /conversations/bulk',
    spam: 'POST /conversations/{id}/spam',
    'deep links, what happened in between': 'GET /conversations/{id}/messages',
    'download what was said': 'GET /conversations/{id}/export',
  },
  'tags and notes': {
    'label a chat, with something to say of it': [
      ...[
        'POST /conversations/{id}/labels',
        'POST /conversations/{id}/taggings',
        'GET /conversations/{id}/taggings',
      ],
    ],
    'tag a message': ['POST /messages/{id}/taggings', 'DELETE /messages/{id}/taggings/{taggingId}'],
    'the tags': ['GET /chat-tags', 'POST /chat-tags', 'PATCH /chat-tags/{id}', 'DELETE /chat-tags/{id}'],
    'notes with mentions': [
      ...['GET /conversations/{id}/notes', 'POST /conversations/{id}/notes'],
      ...['PATCH /conversations/{id}/notes/{noteId}', 'DELETE /conversations/{id}/notes/{noteId}'],
    ],
    'saved responses': [
      ...['GET /saved-responses', 'POST /saved-responses', 'PATCH /saved-responses/{id}'],
      ...['DELETE /saved-responses/{id}', 'POST /saved-responses/{id}/fill'],
    ],
  },
  "one's own": {
    'read marks': ['POST /conversations/{id}/read', 'POST /conversations/{id}/unread'],
    drafts: [
      ...[
        'GET /conversations/{id}/draft',
        'PUT /conversations/{id}/draft',
        'DELETE /conversations/{id}/draft',
      ],
    ],
    'who else looks or types': [
      ...[
        'GET /conversations/{id}/viewers',
        'POST /conversations/{id}/viewers',
        'DELETE /conversations/{id}/viewers',
      ],
    ],
    notifications: ['GET /notifications', 'POST /notifications/read'],
  },
}
