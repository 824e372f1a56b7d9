import { z } from 'zod'
import { nameActor } from '../kit/name-actor.ts'
import { receiveUpload } from '../kit/receive-upload.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import {
  changeBusinessProfile,
  changeProfilePicture,
  demandNumber,
  getBusinessProfile,
  pictureTypes,
} from './business-profile.ts'

/** Meta's codes of industries. */
const verticals = [
  ...['OTHER', 'AUTO', 'BEAUTY', 'APPAREL', 'EDU', 'ENTERTAIN', 'EVENT_PLAN', 'FINANCE', 'GROCERY', 'GOVT'],
  ...[
    'HOTEL',
    'HEALTH',
    'NONPROFIT',
    'PROF_SERVICES',
    'RETAIL',
    'TRAVEL',
    'RESTAURANT',
    'NOT_A_BIZ',
    'UNDEFINED',
    '',
  ],
] as [string, ...string[]]

const profileView = z
  .object({
    about: z.string(),
    address: z.string(),
    description: z.string(),
    email: z.string(),
    vertical: z.string().meta({ description: "Meta's code of an industry", example: 'RETAIL' }),
    websites: z.array(z.string()),
    pictureUrl: z.string().nullable(),
  })
  .meta({ id: 'BusinessProfile' })

const path = '/platform/v1/numbers/:id/business-profile'
const params = z.object({ id: z.uuid() })
const base = { tag: 'Numbers' } as const

/** What customers see of the business: kept by WhatsApp, changed here. */
export const businessProfileRoutes: Route[] = [
  defineRoute({
    ...base,
    auth: 'key',
    method: 'get',
    path,
    summary: "Show a number's business profile",
    input: { params },
    output: profileView,
    handle: async ({ deps, actor: { workspaceId }, params: { id } }) =>
      getBusinessProfile(deps, { workspaceId, numberId: id }),
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'patch',
    path,
    summary: "Change a number's business profile",
    description: 'What is not named stays. It is changed at WhatsApp at once.',
    input: {
      params,
      body: z
        .object({
          about: z.string().min(1).max(139),
          address: z.string().max(256),
          description: z.string().max(512),
          email: z.union([z.literal(''), z.email().max(128)]),
          vertical: z.enum(verticals),
          websites: z.array(z.url().max(256)).max(2),
        })
        .partial(),
    },
    output: profileView,
    handle: async ({ deps, actor, params: { id }, body }) => {
      const given = Object.entries(body).filter(([, value]) => value !== undefined)
      const whose = { workspaceId: actor.workspaceId, numberId: id }
      return changeBusinessProfile(deps, whose, { changes: Object.fromEntries(given), by: nameActor(actor) })
    },
  }),
  defineRoute({
    ...base,
    auth: 'admin',
    method: 'put',
    path: `${path}/photo`,
    summary: "Replace a number's profile photo",
    status: 204,
    upload: [...pictureTypes, 'multipart/form-data'],
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id }, request }) => {
      const whose = { workspaceId: actor.workspaceId, numberId: id }
      await demandNumber(deps, whose)
      const photo = await receiveUpload(
        request,
        async (file, _name, type) => {
          const pieces: Buffer[] = []
          for await (const piece of file) pieces.push(piece)
          return { mimeType: type.split(';')[0] ?? '', bytes: Buffer.concat(pieces) }
        },
        pictureTypes,
      )
      await changeProfilePicture(deps, whose, { ...photo, by: nameActor(actor) })
      return undefined
    },
  }),
]
