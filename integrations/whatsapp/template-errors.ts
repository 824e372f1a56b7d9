import type { HttpAnswer } from '../kit.ts'

/** Why Meta did not do what was asked. `content`: the template is at fault; `access`: the account; `busy`: come again. */
export interface TemplateRefusal {
  kind: 'content' | 'exists' | 'not-found' | 'access' | 'busy' | 'unclear'
  code: number | undefined
  subcode: number | undefined
  /** For the user to read. */
  words: string
  retryAfterMs: number | undefined
}

type Known = [kind: TemplateRefusal['kind'], words: string]

/** Meta's `error_subcode`s of templates (Business Management API, error codes; seen in the wild where not documented). */
const bySubcode: Readonly<Record<number, Known>> = {
  2388019: ['content', 'The account has as many templates as WhatsApp allows; delete some first'],
  2388023: [
    'content',
    'A template of this name and language is being deleted; use another name, or wait four weeks',
  ],
  2388024: ['exists', 'The account already has a template of this name and language'],
  2388025: ['content', 'A template that is in review or disabled cannot be edited'],
  2388040: ['content', 'A part of the template is longer than WhatsApp allows'],
  2388047: ['content', 'The header is not in a form that WhatsApp takes'],
  2388072: ['content', 'The body or a button is not in a form that WhatsApp takes'],
  2388073: ['content', 'The footer is not in a form that WhatsApp takes'],
  2388273: ['content', 'The sample file of the header is missing or cannot be read; upload it again'],
  2388293: ['content', 'The body has too many variables for its length'],
  2388299: ['content', 'The body may not begin or end with a variable'],
  2593002: ['not-found', 'WhatsApp knows no template of this name'],
  33: ['not-found', 'WhatsApp does not know it, or the access token may not see it'],
}
const byCode: Readonly<Record<number, Known>> = {
  0: ['access', 'The access token is not valid any more'],
  3: ['access', 'The access token lacks the permission whatsapp_business_management'],
  4: ['busy', 'WhatsApp limits how often templates may be called; try again later'],
  10: ['access', 'The access token lacks the permission whatsapp_business_management'],
  190: ['access', 'The access token is not valid any more'],
  200: ['access', 'The access token lacks the permission whatsapp_business_management'],
  368: ['access', 'WhatsApp has blocked the account for breaking its policies'],
  80007: ['busy', 'The account makes too many calls; try again later'],
  80008: ['busy', 'The account creates templates too fast; try again in an hour'],
  131031: ['access', 'The WhatsApp account is locked'],
}

interface GraphError {
  code?: number
  error_subcode?: number
  message?: string
  error_user_title?: string
  error_user_msg?: string
  error_data?: { details?: string } | string
}

/** Translates an answer that is no success. */
export function readRefusal({ status, body, retryAfterMs }: HttpAnswer): TemplateRefusal {
  const error =
    (typeof body === 'object' && body !== null ? (body as { error?: GraphError }).error : undefined) ?? {}
  const { code, error_subcode: subcode } = error
  const details = detailsOf(error)
  const known =
    (subcode === undefined ? undefined : bySubcode[subcode]) ??
    (code === undefined ? undefined : byCode[code])
  const kind = known?.[0] ?? kindOfStatus(status)
  const words = [known?.[1], details].filter(Boolean).join(': ') || `WhatsApp answered HTTP ${status}`
  return { kind: status === 429 ? 'busy' : kind, code, subcode, words, retryAfterMs }
}

/** What Meta says to the user goes before what it says to the developer. */
function detailsOf({
  error_user_title,
  error_user_msg,
  error_data,
  message,
}: GraphError): string | undefined {
  const shown = [error_user_title, error_user_msg].filter(Boolean).join('. ')
  return shown || (typeof error_data === 'object' ? error_data?.details : error_data) || message
}

function kindOfStatus(status: number): TemplateRefusal['kind'] {
  if (status >= 500) return 'unclear'
  if (status === 401 || status === 403) return 'access'
  if (status === 404) return 'not-found'
  return 'content'
}
