import { z } from 'zod'
import { defineRoute, type Route } from '../kit/route.ts'
import { rotateFlowKey, showFlowKeys } from './flow-keys.ts'

const keyView = z
  .object({
    id: z.uuid(),
    publicKey: z.string(),
    uploadedAt: z.iso.datetime().nullable(),
    retiredAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'FlowKey' })
const path = '/platform/v1/numbers/:id/flow-keys'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Flows', auth: 'admin', path } as const

/** The key pairs under which phones and our endpoint speak. The private halves never leave. */
export const keyRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    summary: "Show a number's Flow keys, and the one that WhatsApp holds",
    input: { params },
    output: z.object({
      keys: z.array(keyView),
      whatsapp: z.object({ status: z.string().nullable(), isOurs: z.boolean() }),
    }),
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      showFlowKeys(deps, { workspaceId, numberId: id }),
  }),
  defineRoute({
    ...base,
    method: 'post',
    summary: 'Make a new Flow key for a number and give WhatsApp the public half',
    description: 'What phones still encrypt under the key before is understood for 14 days.',
    status: 201,
    input: { params },
    output: keyView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      rotateFlowKey(deps, { workspaceId, numberId: id }),
  }),
]
