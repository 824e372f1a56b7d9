import { z } from 'zod'
import { addWireResponse, listWireResponses } from '../../wabbit-wire/saved-responses.ts'
import { dialectRoute, type DialectRoute } from '../dialect-route.ts'
import { charField } from './fields.ts'
import { pageOf, pageQuery, toPage } from './page.ts'

const responseWire = z
  .object({ id: z.int(), text: z.string(), created_by: z.string(), timestamp: z.int() })
  .meta({ id: 'WabbitSavedResponse' })
const base = { path: '/api/v1/saved_responses/', tag: 'Saved Responses' } as const

export const responseRows: DialectRoute[] = [
  dialectRoute({
    ...{ ...base, method: 'get', summary: 'List Saved Responses' },
    input: { query: z.object(pageQuery()) },
    output: pageOf(responseWire),
    call: async (call) => toPage(call, await listWireResponses(call.deps, call.workspaceId, call.query)),
    toWire: (page) => page,
  }),
  dialectRoute({
    ...{ ...base, method: 'post', summary: 'Create Saved Response', status: 201 },
    input: { body: z.object({ text: charField(4_096) }) },
    output: responseWire,
    call: ({ deps, workspaceId, body, by }) => addWireResponse(deps, { workspaceId, text: body.text, by }),
    toWire: (response) => response,
  }),
]
