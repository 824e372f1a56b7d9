import { callFlowEdge, setPublicKey, showPublicKey } from './flow-edges.ts'
import type { Flows } from './flows.ts'
import type { GraphCall } from './graph.ts'
import { GraphError, unknownObject } from './graph-errors.ts'
import type { Identities } from './identities.ts'
import type { Media } from './media.ts'
import { numberFields, type Profiles } from './profiles.ts'
import { readJson } from './read-json.ts'
import { receiveFile } from './receive-file.ts'
import type { SettingsHolder } from './settings.ts'
import { callTemplateEdge } from './template-edges.ts'
import type { Templates } from './templates.ts'
import type { Uploads } from './uploads.ts'

export type EdgeDeps = {
  settings: SettingsHolder
  media: Media
  templates: Templates
  flows: Flows
  uploads: Uploads
  profiles: Profiles
  identities: Identities
}
type Edge = (deps: EdgeDeps, call: GraphCall) => unknown

/** Everything of a number but `POST messages`, which is the hot path of graph.ts. */
const numberEdges: Record<string, Edge> = {
  'GET ': (deps, call) => numberFields(deps.settings, call.id, call.url.searchParams.get('fields')),
  'POST media': uploadMedia,
  'GET whatsapp_business_profile': (deps, call) => ({
    data: [deps.profiles.read(call.id, call.url.searchParams.get('fields'))],
  }),
  'POST whatsapp_business_profile': async (deps, call) => {
    deps.profiles.update(call.id, await readJson(call.request))
    return { success: true }
  },
  'GET whatsapp_business_encryption': showPublicKey,
  'POST whatsapp_business_encryption': setPublicKey,
  'GET settings': (deps, call) => deps.identities.read(call.id),
  'POST settings': async (deps, call) => {
    deps.identities.update(call.id, await readJson(call.request))
    return { success: true }
  },
  'POST register': () => ({ success: true }),
  'POST deregister': () => ({ success: true }),
}

const mediaEdges: Record<string, Edge> = {
  'GET ': (deps, call) => describeMedia(deps, call),
  'DELETE ': (deps, call) => {
    deps.media.remove(call.id)
    return { success: true }
  },
}

const accountEdges: Record<string, Edge> = {
  'GET ': (_deps, call) => ({ id: call.id, name: 'Sandbox account', currency: 'USD', timezone_id: '1' }),
  'GET phone_numbers': ({ settings }, call) => ({
    data: settings.current.numbers
      .filter((number) => number.wabaId === call.id)
      .map((number) => numberFields(settings, number.phoneNumberId, null)),
  }),
  'GET subscribed_apps': () => ({ data: [{ whatsapp_business_api_data: { id: '1', name: 'Sandbox' } }] }),
  'POST subscribed_apps': () => ({ success: true }),
}

/** Finds what the id names, then the edge of it; answers Meta's errors for either unknown. */
export async function callEdge(deps: EdgeDeps, call: GraphCall): Promise<unknown> {
  const key = `${call.method} ${call.edge}`
  const table = tableOf(deps, call.id)
  if (!table) {
    const result =
      (await deps.uploads.call(call)) ??
      (await callTemplateEdge(deps, call)) ??
      (await callFlowEdge(deps, call))
    if (result !== undefined) return result
    if (!deps.settings.current.numbers.some((number) => number.wabaId === call.id))
      throw unknownObject(call.id)
  }
  const edge = (table ?? accountEdges)[key]
  if (edge) return await edge(deps, call)
  throw new GraphError(2500, `${call.method} /${call.edge} is not supported here.`, {
    title: `Unknown path components: /${call.edge}`,
  })
}

function tableOf({ settings, media }: EdgeDeps, id: string) {
  if (settings.number(id)) return numberEdges
  return media.get(id) ? mediaEdges : null
}

async function uploadMedia({ media }: EdgeDeps, { request, response, id }: GraphCall) {
  const { file, fields } = await receiveFile(request, response)
  if (fields.messaging_product !== 'whatsapp') {
    throw new GraphError(100, 'The parameter messaging_product is required.')
  }
  if (!file) throw new GraphError(100, 'The parameter file is required.')
  const mimeType = typeof fields.type === 'string' && fields.type.includes('/') ? fields.type : file.mimetype
  const stored = media.upload({
    phoneNumberId: id,
    mimeType,
    bytes: file.buffer,
    fileName: file.originalname,
  })
  return { id: stored.id }
}

function describeMedia({ media }: EdgeDeps, { id, url, request }: GraphCall) {
  const stored = media.get(id)
  const asked = url.searchParams.get('phone_number_id')
  if (!stored || (asked !== null && asked !== stored.phoneNumberId)) throw unknownObject(id)
  return {
    url: `http://${request.headers.host}/sandbox/media/${id}/download`,
    mime_type: stored.mimeType,
    sha256: stored.sha256,
    file_size: stored.fileSize,
    id,
    messaging_product: 'whatsapp',
  }
}
