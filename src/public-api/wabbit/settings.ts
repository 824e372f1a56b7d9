import { z } from 'zod'
import { readPublicData } from '../../apps/public-data.ts'
import { demandAdmin } from '../../kit/auth.ts'
import { receiveEncoded } from '../../kit/receive-encoded.ts'
import {
  changeBusinessProfile,
  changeProfilePicture,
  getBusinessProfile,
  type BusinessProfile,
} from '../../settings/business-profile.ts'
import { dialectRoute, type Call, type DialectRoute } from '../dialect-route.ts'
import { charField, choiceField, emailField, optionalText } from './fields.ts'

/** The document's words and Meta's codes. */
const codes = {
  Automotive: 'AUTO',
  'Beauty, Spa and Salon': 'BEAUTY',
  'Clothing and Apparel': 'APPAREL',
  Education: 'EDU',
  Entertainment: 'ENTERTAIN',
  'Event Planning and Service': 'EVENT_PLAN',
  'Finance and Banking': 'FINANCE',
  'Food and Grocery': 'GROCERY',
  'Public Service': 'GOVT',
  'Hotel and Lodging': 'HOTEL',
  'Medical and Health': 'HEALTH',
  'Non-profit': 'NONPROFIT',
  'Professional Services': 'PROF_SERVICES',
  'Shopping and Retail': 'RETAIL',
  'Travel and Transportation': 'TRAVEL',
  Restaurant: 'RESTAURANT',
  Other: 'OTHER',
} as const
type Vertical = keyof typeof codes
const verticals = Object.keys(codes) as [Vertical, ...Vertical[]]

const tag = 'Business settings'
const path = '/api/v1/settings/business/profile/'
const profileWire = z
  .object({
    address: z.string(),
    description: z.string(),
    email: z.string(),
    vertical: z.enum(verticals),
    websites: z.array(z.string()),
  })
  .meta({ id: 'WabbitBusinessProfile' })

const websites = z
  .array(z.url('Enter a valid URL.').max(256), { error: 'Expected a list of items.' })
  .max(2, 'Ensure this field has no more than 2 elements.')
const wholeProfile = z.object({
  address: charField(256),
  description: charField(512),
  email: emailField,
  vertical: choiceField(verticals),
  websites: websites.optional(),
})
const partOfProfile = z.object({
  ...{ address: optionalText(256), description: optionalText(512), email: emailField.optional() },
  ...{ vertical: choiceField(verticals).optional(), websites: websites.optional() },
})

export const settingsRows: DialectRoute[] = [
  dialectRoute({
    ...{ tag, method: 'get', path, summary: 'Retrieve Business Profile' },
    output: profileWire,
    call: ({ deps, workspaceId, numberId }) => getBusinessProfile(deps, { workspaceId, numberId }),
    toWire: toProfile,
  }),
  dialectRoute({
    ...{ tag, method: 'put', path, summary: 'Update Business Profile', auth: 'admin' },
    description: 'Only for admins.',
    input: { body: wholeProfile },
    output: profileWire,
    call: (call) => change(call, call.body),
    toWire: toProfile,
  }),
  dialectRoute({
    ...{ tag, method: 'patch', path, summary: 'Partial Update Business Profile', auth: 'admin' },
    description: 'Only for admins. What is not given stays.',
    input: { body: partOfProfile },
    output: profileWire,
    call: (call) => change(call, call.body),
    toWire: toProfile,
  }),
  dialectRoute({
    ...{ tag, method: 'patch', path: '/api/v1/settings/profile/about/', auth: 'admin' },
    summary: 'Update Profile About',
    description: 'Only for admins.',
    input: { body: z.object({ text: charField(139) }) },
    output: z.object({ text: z.string() }),
    call: async ({ deps, workspaceId, numberId, actor, body, by }) => {
      demandAdmin(actor)
      const whose = { workspaceId, numberId }
      return changeBusinessProfile(deps, whose, { changes: { about: body.text }, by })
    },
    toWire: ({ about }) => ({ text: about }),
  }),
  dialectRoute({
    ...{ tag, method: 'post', path: '/api/v1/settings/profile/photo/', auth: 'admin' },
    summary: 'Update Profile Photo',
    description: 'Only for admins. `file_encoded`: base64 in JSON, or the file itself in a form.',
    upload: ['multipart/form-data'],
    output: z.object({}),
    call: async ({ deps, workspaceId, numberId, actor, by, request }) => {
      demandAdmin(actor)
      const photo = await receiveEncoded(request, 'file_encoded', async (file, _name, mimeType) => {
        const pieces: Buffer[] = []
        for await (const piece of file) pieces.push(piece)
        return { mimeType, bytes: Buffer.concat(pieces) }
      })
      await changeProfilePicture(deps, { workspaceId, numberId }, { ...photo, by })
    },
    toWire: () => ({}),
  }),
  dialectRoute({
    ...{ tag: 'Plugins', method: 'get', path: '/api/v1/plugins/data/', summary: 'Retrieve Plugin Data' },
    description: 'What a plugin shows to everybody. Parameters other than `type` are the plugin’s.',
    input: { query: z.looseObject({ type: z.string().min(1).max(100) }) },
    output: z.object({ response: z.record(z.string(), z.unknown()) }),
    call: ({ deps, workspaceId, query: { type, ...query } }) => {
      const texts = Object.entries(query).map(([name, value]) => [name, String(value)])
      return readPublicData(deps, {
        workspaceId,
        type,
        query: Object.fromEntries(texts) as Record<string, string>,
      })
    },
    toWire: (response) => ({ response }),
  }),
]

function change(
  { deps, workspaceId, numberId, actor, by }: Call,
  { vertical, ...given }: z.output<typeof partOfProfile>,
): Promise<BusinessProfile> {
  demandAdmin(actor)
  const named = Object.entries(given).filter(([, value]) => value !== undefined)
  const changes = { ...Object.fromEntries(named), ...(vertical && { vertical: codes[vertical] }) }
  return changeBusinessProfile(deps, { workspaceId, numberId }, { changes, by })
}

function toProfile({ address, description, email, vertical, websites: sites }: BusinessProfile) {
  const word = verticals.find((name) => codes[name] === vertical) ?? 'Other'
  return { address, description, email, vertical: word, websites: sites }
}
