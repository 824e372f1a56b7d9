import { z } from 'zod'
import { resolveContact } from '../../contacts/resolve-contact.ts'
import { findByFlowKey } from '../../journeys/find-by-flow-key.ts'
import { requestRun } from '../../journeys/request-run.ts'
import { jsonObjectSchema, toText, type JsonObject } from '../../model/json.ts'
import { demandBot } from '../../settings/find-bot.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { botParams, toBot } from './bot-params.ts'
import { takeLoose } from './loose-names.ts'

const flowParams = botParams.extend({
  flow_key: z.string().min(1).max(200).meta({ description: 'the key of a journey, without case' }),
})

export const flowRows: DialectRoute[] = (['v1.0', 'v2.0'] as const).map((version) =>
  dialectRoute({
    tag: 'API trigger',
    method: 'post',
    path: `/bot-api/${version}/customer/:customer_id/bot/:bot_ref/flow/:flow_key`,
    summary: `API Trigger (${version})`,
    description:
      'Starts a journey that has an API trigger. Parameters come from the query and from the body, and become its variables. ' +
      '`user.phone_no` names the contact, who is created when new, `user.name` gives a new one its name; without a number ' +
      'the journey runs about nobody: cards that need a contact leave by `failed`.',
    input: { params: flowParams, query: z.looseObject({}), body: jsonObjectSchema.default({}) },
    output: z.object({ run_id: z.uuid() }),
    call: triggerFlow,
    toWire: ({ runId }) => ({ run_id: runId }),
    fields: { flowKey: 'flow_key', waId: 'user.phone_no' },
  }),
)

async function triggerFlow({
  deps,
  workspaceId,
  numberId,
  by,
  params,
  query,
  body,
}: Call<z.output<typeof flowParams>, Record<string, unknown>, JsonObject>) {
  await demandBot(deps, { workspaceId, numberId }, toBot(params))
  const flowKey = params.flow_key
  const journeyId = await findByFlowKey(deps, { workspaceId, numberId, flowKey })
  const given = { ...jsonObjectSchema.parse(query), ...body }
  const { value: phone, rest } = takeLoose(given, ['user', 'phone_no'])
  const { value: name, rest: vars } = takeLoose(rest, ['user', 'name'])
  // What is no phone number is refused: the run would be about nobody.
  const who = { workspaceId, waId: toText(phone), by, ...(typeof name === 'string' && { name }) }
  const contactId = phone === undefined ? undefined : await resolveContact(deps, who)
  return requestRun(deps, { workspaceId, journeyId, contactId, trigger: 'api', vars, by })
}
