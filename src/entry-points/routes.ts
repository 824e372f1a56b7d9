import type { Response } from 'express'
import QRCode from 'qrcode'
import { z } from 'zod'
import { forkFor } from '../db/orm.ts'
import { nameActor } from '../kit/name-actor.ts'
import { decodeCursor, page } from '../kit/paging.ts'
import { defineRoute, type Route } from '../kit/route.ts'
import { codeSchema, entryPointKinds } from '../model/entry-point.ts'
import { listEntryPoints, readEntryPoint } from './find-entry-points.ts'
import { createEntryPoint, deleteEntryPoint, updateEntryPoint } from './manage-entry-points.ts'

const pointView = z
  .object({
    id: z.uuid(),
    kind: z.enum(entryPointKinds),
    name: z.string(),
    journeyId: z.uuid(),
    journeyName: z.string(),
    numberId: z.uuid(),
    code: z.string(),
    text: z.string().meta({ description: "what the customer's WhatsApp opens with; the code is in it" }),
    link: z.url().meta({ description: 'opens the chat; the QR code says the same' }),
    arrivals: z.int().meta({ description: 'messages that carried the code' }),
    entries: z.int().meta({ description: 'runs of the journey that they started' }),
    lastArrivalAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'EntryPoint' })

const name = z.string().trim().min(1).max(200)
const text = z.string().trim().min(1).max(500).meta({
  description: 'the code is added where it is not in it',
  example: 'Hi, I would like the autumn offer',
})
const path = '/platform/v1/entry-points'
const params = z.object({ id: z.uuid() })
const size = z.coerce.number().int().min(100).max(2_000).default(600).meta({ description: 'in pixels' })
const base = { tag: 'Entry points', auth: 'key' } as const

/** QR codes, links and website widgets that lead into journeys. */
export const routes: Route[] = [
  defineRoute({
    ...base,
    method: 'get',
    path,
    summary: 'List QR codes, links and widgets, newest first',
    input: {
      query: page.query.extend({ journeyId: z.uuid().optional(), kind: z.enum(entryPointKinds).optional() }),
    },
    output: page.of(pointView),
    handle: async ({ deps, actor: { workspaceId }, query: { limit, cursor, journeyId, kind } }) => {
      const before = decodeCursor(cursor, z.tuple([z.uuid()]))?.[0]
      const rows = await listEntryPoints(deps, { workspaceId, journeyId, kind, before, limit: limit + 1 })
      return page.cut(rows, limit, ({ id }) => [id])
    },
  }),
  defineRoute({
    ...base,
    method: 'post',
    path,
    summary: 'Make a QR code, a link or a widget that leads into a journey',
    description: 'The journey needs a `qr-code` trigger (for QR codes and links) or a `widget` trigger.',
    status: 201,
    input: {
      body: z.object({
        ...{ journeyId: z.uuid(), kind: z.enum(entryPointKinds), name, text },
        code: codeSchema.optional().meta({ description: 'one is drawn when absent', example: 'AUTUMN26' }),
      }),
    },
    output: pointView,
    handle: ({ deps, actor, body }) =>
      createEntryPoint(deps, { workspaceId: actor.workspaceId, ...body, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id`,
    summary: 'Show an entry point with its link and counts',
    input: { params },
    output: pointView,
    handle: ({ deps, actor: { workspaceId }, params: { id } }) =>
      readEntryPoint(forkFor(deps.orm, workspaceId), workspaceId, id),
  }),
  defineRoute({
    ...base,
    method: 'patch',
    path: `${path}/:id`,
    summary: 'Change the name or the text of an entry point',
    description: 'The code stays, because it is printed somewhere: a QR code made before goes on working.',
    input: { params, body: z.object({ name: name.optional(), text: text.optional() }) },
    output: pointView,
    handle: ({ deps, actor, params: { id }, body }) =>
      updateEntryPoint(deps, { workspaceId: actor.workspaceId, id, ...body, by: nameActor(actor) }),
  }),
  defineRoute({
    ...base,
    method: 'delete',
    path: `${path}/:id`,
    summary: 'Delete an entry point: its code leads nowhere any more',
    status: 204,
    input: { params },
    output: z.undefined(),
    handle: async ({ deps, actor, params: { id } }) => {
      await deleteEntryPoint(deps, { workspaceId: actor.workspaceId, id, by: nameActor(actor) })
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/qr.png`,
    summary: 'Download the QR code as PNG',
    download: 'image/png',
    input: { params, query: z.object({ size }) },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { size: width }, request }) => {
      const { link, code } = await readEntryPoint(forkFor(deps.orm, workspaceId), workspaceId, id)
      const image = await QRCode.toBuffer(link, { type: 'png', width, margin: 2, errorCorrectionLevel: 'M' })
      const response = request.res as Response
      response.status(200).attachment(`${code}.png`).type('image/png').send(image)
      return undefined
    },
  }),
  defineRoute({
    ...base,
    method: 'get',
    path: `${path}/:id/qr.svg`,
    summary: 'Download the QR code as SVG, for print in any size',
    download: 'image/svg+xml',
    input: { params, query: z.object({ size }) },
    output: z.undefined(),
    handle: async ({ deps, actor: { workspaceId }, params: { id }, query: { size: width }, request }) => {
      const { link, code } = await readEntryPoint(forkFor(deps.orm, workspaceId), workspaceId, id)
      const image = await QRCode.toString(link, { type: 'svg', width, margin: 2, errorCorrectionLevel: 'M' })
      const response = request.res as Response
      response.status(200).attachment(`${code}.svg`).type('image/svg+xml').send(image)
      return undefined
    },
  }),
]
