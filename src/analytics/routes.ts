import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { AppError } from '../model/errors.ts'
import { jsonObjectSchema } from '../model/json.ts'
import { explain, type WhyQuestion } from './why.ts'

const link = z.object({
  factId: z.uuid().nullable().meta({ description: 'null for what stands in the ledger' }),
  at: z.iso.datetime(),
  kind: z.string(),
  words: z.string(),
  data: jsonObjectSchema,
  causeId: z.uuid().nullable(),
})
const query = z.object({
  message: z.uuid().optional().meta({ description: 'a message in or out' }),
  run: z.uuid().optional(),
  journey: z.uuid().optional(),
  campaign: z.uuid().optional().meta({ description: 'why it reached the contact, or did not' }),
  not: z.stringbool().default(false).meta({ description: 'with `journey`: why it was not started' }),
})

/** Why things happened, and why they did not. */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/platform/v1/contacts/:id/why',
    summary: 'Why did this contact (not) get it?',
    description:
      'The chain of causes, oldest first, in words and ids. Ask for a message, a run, a journey or a campaign.',
    tag: 'Contacts',
    auth: 'key',
    input: { params: z.object({ id: z.uuid() }), query },
    output: z
      .object({
        chain: z.array(link),
        words: z.string(),
        temporal: z.object({ workflowId: z.string(), url: z.string().nullable() }).nullable(),
      })
      .meta({ id: 'Why' }),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: asked }) =>
      explain(deps, { workspaceId, contactId: id }, toQuestion(asked)),
  }),
]

function toQuestion({ message, run, journey, campaign, not }: z.output<typeof query>): WhyQuestion {
  if ([message, run, journey, campaign].filter((each) => each !== undefined).length !== 1) {
    const words = 'ask for exactly one of message, run, journey and campaign'
    throw new AppError('invalid_input', words, { fields: [{ field: 'message', message: words }] })
  }
  if (message !== undefined) return { about: 'message', messageId: message }
  if (run !== undefined) return { about: 'run', runId: run }
  if (campaign !== undefined) return { about: 'campaign', campaignId: campaign }
  return { about: not ? 'no-start' : 'start', journeyId: String(journey) }
}
