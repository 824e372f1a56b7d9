import { z } from 'zod'
import { durationMs, durationSchema } from './schedule.ts'
import { judgeSendError, pairRetryDelayMs } from './send-policy.ts'

/** What the autopilot does on its own when WhatsApp answers with a code. */
const actionSchema = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('slow-down'),
      factor: z.number().gt(0).lt(1).default(0.5),
      for: durationSchema.default({ amount: 5, unit: 'minutes' }),
    })
    .meta({ description: 'campaigns go on at this share of their speed; said again, at that share of it' }),
  z
    .strictObject({ do: z.literal('stop'), for: durationSchema.optional() })
    .meta({ description: "the number's campaigns stand still: for that time, or until somebody lifts it" }),
  z.strictObject({ do: z.literal('pause-template') }).meta({
    description: 'its fallback is sent instead; where there is none its recipients wait until it is approved',
  }),
  z
    .strictObject({
      do: z.literal('try-again'),
      after: durationSchema,
      attempts: z.int().min(1).max(5),
    })
    .meta({ description: 'n times the wait after attempt n, and after the last of them it has failed' }),
  z.strictObject({ do: z.literal('opt-out') }).meta({ description: 'of marketing messages' }),
  z.strictObject({ do: z.literal('mark-unreachable') }),
  z.strictObject({ do: z.literal('fail') }),
])
export type AutopilotAction = z.output<typeof actionSchema>

export const autopilotPolicySchema = z
  .strictObject({
    rules: z
      .array(
        z.strictObject({
          codes: z
            .array(z.string().regex(/^\d{1,6}(-\d{1,6})?$/, 'must be a code, or a range like 200-299'))
            .min(1)
            .max(50),
          action: actionSchema,
        }),
      )
      .max(100)
      .meta({ description: 'the first rule that names the code counts' }),
    redQuality: z
      .enum(['stop', 'slow-down', 'go-on'])
      .default('stop')
      .meta({ description: "when WhatsApp rates the number's quality as low" }),
    keepFree: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .meta({ description: 'share of the messaging limit that campaigns leave to journeys and agents' }),
  })
  .meta({ id: 'AutopilotPolicy' })
export type AutopilotPolicy = z.output<typeof autopilotPolicySchema>

/** Meta's list of errors, grouped by what helps. Whatever is named nowhere is judged as any other send is. */
export const defaultPolicy: AutopilotPolicy = {
  rules: [
    {
      codes: ['130429', '80007', '4'],
      action: { do: 'slow-down', factor: 0.5, for: { amount: 2, unit: 'minutes' } },
    },
    { codes: ['131056'], action: { do: 'try-again', after: { amount: 1, unit: 'minutes' }, attempts: 4 } },
    { codes: ['131057', '133016'], action: { do: 'stop', for: { amount: 2, unit: 'minutes' } } },
    { codes: ['131048'], action: { do: 'stop', for: { amount: 24, unit: 'hours' } } },
    {
      codes: [
        ...['368', '131031', '131037', '131042', '131044', '131045', '131063', '131064'],
        ...['0', '3', '10', '190', '200-299'],
      ],
      action: { do: 'stop' },
    },
    { codes: ['132015', '132016'], action: { do: 'pause-template' } },
    { codes: ['131049'], action: { do: 'try-again', after: { amount: 24, unit: 'hours' }, attempts: 3 } },
    { codes: ['131050'], action: { do: 'opt-out' } },
    { codes: ['131026', '131021', '131030', '131062'], action: { do: 'mark-unreachable' } },
  ],
  redQuality: 'stop',
  keepFree: 0.1,
}

export function actionFor(policy: AutopilotPolicy, code: string | undefined): AutopilotAction | undefined {
  const number = Number(code)
  if (code === undefined || !Number.isInteger(number)) return undefined
  return policy.rules.find(({ codes }) => codes.some((each) => isWithin(each, number)))?.action
}

function isWithin(codes: string, code: number): boolean {
  const [from, to = from] = codes.split('-').map(Number)
  return from !== undefined && to !== undefined && code >= from && code <= to
}

/** What becomes of one message that WhatsApp did not take. `again`: it is planned, due after so long. */
export type Fate = { fate: 'again'; delayMs: number } | { fate: 'failed' } | { fate: 'unknown' }

/**
 * What a refusal means for the message: who is told to stand still keeps it, who is told to fail it loses it.
 * @param attempt how often it was sent off, this time included
 */
export function fateOf(
  policy: AutopilotPolicy,
  refusal: {
    httpStatus: number
    code: string | undefined
    attempt: number
    retryAfterMs?: number | undefined
  },
): Fate {
  const { httpStatus, code, attempt, retryAfterMs } = refusal
  const action = actionFor(policy, code)
  switch (action?.do) {
    case 'slow-down':
      return { fate: 'again', delayMs: retryAfterMs ?? 1_000 }
    case 'stop':
      return { fate: 'again', delayMs: 0 }
    case 'pause-template':
      return { fate: 'again', delayMs: noticedMs }
    case 'try-again':
      return attempt > action.attempts
        ? { fate: 'failed' }
        : { fate: 'again', delayMs: durationMs(action.after) * attempt }
    case 'opt-out':
    case 'mark-unreachable':
    case 'fail':
      return { fate: 'failed' }
    case undefined:
      return fateByVerdict(httpStatus, code, attempt, retryAfterMs)
  }
}

const mostAttempts = 8
/** Within it, everybody who sends has noticed that a template is not to be sent. */
const noticedMs = 3_000

function fateByVerdict(
  httpStatus: number,
  code: string | undefined,
  attempt: number,
  retryAfterMs: number | undefined,
): Fate {
  const verdict = judgeSendError(httpStatus, code === undefined ? undefined : Number(code))
  if (verdict.action === 'ambiguous') return { fate: 'unknown' }
  if (verdict.action === 'fail' || attempt >= mostAttempts) return { fate: 'failed' }
  if (verdict.action === 'retry-pair') return { fate: 'again', delayMs: pairRetryDelayMs(attempt) }
  return { fate: 'again', delayMs: retryAfterMs ?? verdict.delayMs * attempt }
}
