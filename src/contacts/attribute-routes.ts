import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { systemAttributes } from '../model/contact-attributes.ts'
import { attributeTypes } from '../model/event-attributes.ts'
import {
  declareAttributes,
  describeAttribute,
  listDefinitions,
  type AttributeDefinition,
} from './attribute-definitions.ts'
import { deleteAttribute } from './delete-attribute.ts'

const attributeView = z
  .object({
    name: z.string(),
    type: z.enum(attributeTypes),
    label: z.string(),
    description: z.string().nullable(),
    kind: z.enum(['system', 'custom']),
    writable: z
      .boolean()
      .meta({ description: 'false: the product keeps it, it is only shown and filtered by' }),
    createdAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Attribute' })
const label = z.string().trim().min(1).max(100)
const description = z.string().trim().max(500).nullable()
const path = '/platform/v1/attributes'
const params = z.object({ name: z.string().max(100) })
const base = { tag: 'Contacts', auth: 'key' } as const

export const attributeRoutes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List the attributes of contacts: the system ones, then the declared ones by name',
    input: { query: page.query },
    output: page.of(attributeView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor } }) => {
      const after = decodeCursor(cursor, z.tuple([z.int(), z.string()]))
      const custom = await listDefinitions(forkFor(deps.orm, workspaceId), workspaceId)
      const all = [...systemAttributes.map(toSystemView), ...custom.map(toView)]
      const rest = after ? all.slice(positionAfter(all, after)) : all
      return page.cut(rest.slice(0, limit + 1), limit, ({ kind, name }) => [Number(kind === 'custom'), name])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Declare a custom attribute',
    description: 'Its values are then checked wherever they come from. Name and type stay what they are.',
    status: 201,
    input: {
      body: z.object({
        name: z.string().max(200),
        type: z.enum(attributeTypes),
        label: label.optional().meta({ description: 'the name when absent' }),
        description: description.optional(),
      }),
    },
    output: attributeView,
    handle: async ({ deps, actor: { workspaceId }, body }) => {
      const em = forkFor(deps.orm, workspaceId)
      const [declared] = await em.transactional((tx) => declareAttributes(tx, workspaceId, [body]))
      return toView(declared as AttributeDefinition)
    },
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:name`,
    summary: 'Change the label or the description of a custom attribute',
    input: { params, body: z.object({ label: label.optional(), description: description.optional() }) },
    output: attributeView,
    handle: async ({ deps, actor: { workspaceId }, params: { name }, body }) =>
      toView(await describeAttribute(deps, { workspaceId, name, ...body })),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:name`,
    summary: 'Delete a custom attribute and its values',
    description:
      '409 says where it is used, while a live segment or a published journey leans on it. The values go in the background.',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { name } }) => {
      await deleteAttribute(deps, { workspaceId: actor.workspaceId, name, by: nameActor(actor) })
      return undefined
    },
  }),
]

type View = z.output<typeof attributeView>

function toView({ name, type, label: words, description: about, createdAt }: AttributeDefinition): View {
  return { name, type, label: words, description: about, kind: 'custom', writable: true, createdAt }
}

function toSystemView({
  name,
  type,
  label: words,
  description: about,
  writable,
}: (typeof systemAttributes)[number]): View {
  return { name, type, label: words, description: about ?? null, kind: 'system', writable, createdAt: null }
}

/** A declared attribute may have gone since the page before: what comes after its name follows. */
function positionAfter(all: View[], [isCustom, name]: [number, string]): number {
  const at = all.findIndex((each) => {
    if (!isCustom) return each.name === name
    return each.kind === 'custom' && each.name > name
  })
  if (at < 0) return all.length
  return isCustom ? at : at + 1
}
