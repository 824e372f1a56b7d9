/**
 * Every refusal the product can give: code -> HTTP status and whether trying again may help.
 * Express' JSON, a dialect's body and Temporal's `ApplicationFailure` are projections of this one table.
 */
export const errorTable = {
  invalid_input: { status: 400, retry: false, title: 'The request is not valid' },
  invalid_cursor: { status: 400, retry: false, title: 'The cursor is not one of ours' },
  unauthenticated: { status: 401, retry: false, title: 'Authentication is required' },
  bad_signature: { status: 401, retry: false, title: 'The signature does not match the body' },
  forbidden: { status: 403, retry: false, title: 'This credential may not do that' },
  not_found: { status: 404, retry: false, title: 'There is no such thing' },
  method_not_allowed: { status: 405, retry: false, title: 'This path has no such method' },
  conflict: { status: 409, retry: false, title: 'It contradicts what is there' },
  idempotency_mismatch: {
    status: 422,
    retry: false,
    title: 'The Idempotency-Key was used for another request',
  },
  idempotency_in_progress: {
    status: 409,
    retry: true,
    title: 'The first request with this key is still running',
  },
  too_large: { status: 413, retry: false, title: 'The body is too large' },
  unsupported_media: { status: 415, retry: false, title: 'The body must be JSON' },
  unprocessable: { status: 422, retry: false, title: 'It cannot be done as asked' },
  invalid_journey: { status: 422, retry: false, title: 'The journey cannot be published' },
  not_started: { status: 409, retry: false, title: 'The run was not started' },
  opted_out: { status: 422, retry: false, title: 'The contact has opted out' },
  window_closed: {
    status: 422,
    retry: false,
    title: 'The 24-hour window is closed: only a template may be sent',
  },
  identity_changed: { status: 422, retry: false, title: "The contact's WhatsApp identity changed" },
  no_contact: { status: 422, retry: false, title: 'The run is about no contact' },
  unreachable: { status: 422, retry: false, title: 'The contact has no address on this channel' },
  missing_variable: { status: 422, retry: false, title: 'A variable has no value and no fallback' },
  invalid_formula: { status: 422, retry: false, title: 'A formula cannot be computed' },
  invalid_message: { status: 422, retry: false, title: 'The message breaks a limit of WhatsApp' },
  loop_guard: { status: 422, retry: false, title: 'The run visited one card too often' },
  script_failed: { status: 422, retry: false, title: 'The script failed' },
  blocked_address: { status: 422, retry: false, title: 'This address may not be called from here' },
  app_refused: { status: 502, retry: false, title: 'The other system refused' },
  whatsapp_refused: { status: 502, retry: false, title: 'WhatsApp refused' },
  rate_limited: { status: 429, retry: true, title: 'Too many requests' },
  key_erased: { status: 410, retry: false, title: 'The key was erased: this cannot be read any more' },
  unavailable: { status: 503, retry: true, title: 'A part we depend on does not answer' },
  internal: { status: 500, retry: true, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; retry: boolean; title: string }>

export type ErrorCode = keyof typeof errorTable

export interface FieldError {
  /** JSON path of the field, e.g. `cards.welcome.settings.body`. */
  field: string
  message: string
}

export interface ErrorOptions {
  details?: Record<string, unknown>
  fields?: FieldError[]
  retryAfterMs?: number
  cause?: unknown
}

/** The one error class for refusals that users are meant to read. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: Record<string, unknown>
  readonly fields: FieldError[]
  readonly retryAfterMs: number | undefined

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? {}
    this.fields = options.fields ?? []
    this.retryAfterMs = options.retryAfterMs
  }
}
