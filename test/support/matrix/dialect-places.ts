/** What the matrix must know of a dialect: how its callers show who they are, and what stands in its paths. */
export interface DialectPlaces {
  headers(credential: string): Record<string, string>
  /** The status of who shows nothing, or nothing that holds. */
  nobody: number
  /** The status of one's own credential with a stranger's id, where the request is right otherwise. */
  stranger: number
  /**
   * By the parameter's name: a column of a table whose row is the stranger's, a `phone` number of theirs, or `own` for what
   * names something only inside of what stands before it.
   */
  params: Record<string, { table: string; column: string } | 'phone' | 'own'>
}

const id = (table: string) => ({ table, column: 'id' })

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
}
