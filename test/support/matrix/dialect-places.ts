/** What the matrix must know of a dialect: how its callers show who they are, and what stands in its paths. */
export interface DialectPlaces {
  headers(credential: string): Record<string, string>
  /** The status of who shows nothing, or nothing that holds. */
  nobody: number
  /** The status of one's own credential with a stranger's id, where the request is right otherwise. */
  stranger: number
  /**
   * By the parameter's name, with the segment before it where that tells: a column of a table whose row is the stranger's, a `phone` number of theirs, or `own` for what
   * names something only inside of what stands before it.
   */
  params: Record<string, { table: string; column: string } | 'phone' | 'own'>
  /** Rows that answer of what is nobody's, with nothing in it. */
  empty?: string[]
}

const id = (table: string) => ({ table, column: 'id' })
const number = (table: string) => ({ table, column: 'number' })

/** A dialect that is not here fails the matrix, and so does a parameter of one. */
export const ofDialects: Record<string, DialectPlaces> = {
  chatman: {
    headers: (key) => ({ authorization: `Bearer ${key}` }),
    nobody: 401,
    stranger: 404,
    params: {
      ':wa_id': 'phone',
      ':segment_id': id('segments'),
      ':user_id': id('contacts'),
      ':campaign_id': id('campaigns'),
      ':event_id': id('events'),
      ':journey_id': id('journeys'),
    },
  },
  chatinc: { headers: (key) => ({ authorization: key }), nobody: 401, stranger: 404, params: {} },
  engati: {
    headers: (key) => ({ authorization: `Basic ${key}` }),
    nobody: 401,
    stranger: 403,
    params: {
      ':customer_id': { table: 'workspaces', column: 'customer_id' },
      ':bot_ref': { table: 'phone_numbers', column: 'bot_ref' },
      ':user_id': 'phone',
      ':flow_key': 'own',
    },
  },
  wabbit: {
    headers: (key) => ({ authorization: `Token ${key}` }),
    nobody: 403,
    stranger: 404,
    params: {
      ':code': 'own',
      ':wa_id': 'phone',
      'users/:id': number('users'),
      'chat_tagging/:id': number('conversation_labels'),
      'message_tagging/:id': number('message_taggings'),
      'waba_webhooks/:id': number('webhook_endpoints'),
      'media/:id': id('media'),
    },
    empty: ['GET /api/v1/contact_providers/contacts/:wa_id/'],
  },
}
