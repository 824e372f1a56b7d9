import { mediaKinds, type MediaKind } from './media.ts'
import type { MessageContent } from './message.ts'

/** A file of the library as a message names it: `{ library: <id> }` where WhatsApp has `id` or `link`. */
export interface MediaReference {
  id: string
  kind: MediaKind
}
export type MediaSource = { id: string } | { link: string }

/** What a message shows out of the library. */
export function listLibraryMedia(content: MessageContent): MediaReference[] {
  const found: MediaReference[] = []
  replaceSources(content, (kind, { library, ...rest }) => {
    if (typeof library === 'string') found.push({ id: library, kind })
    return { library, ...rest }
  })
  return found
}

/** The message as WhatsApp takes it: files by WhatsApp's ids or by links, documents under the name that they have here. */
export function withMediaSources(
  content: MessageContent,
  sources: ReadonlyMap<string, MediaSource & { name: string }>,
): MessageContent {
  return replaceSources(content, (kind, { library, ...rest }) => {
    const source = typeof library === 'string' ? sources.get(library) : undefined
    if (!source) return { ...(library !== undefined && { library }), ...rest }
    const { name, ...by } = source
    return { ...by, ...(kind === 'document' && { filename: name }), ...rest }
  })
}

type Source = Record<string, unknown>
type Replace = (kind: MediaKind, source: Source) => Source

/** Media stand in messages of their own, in headers of interactive messages and in parameters of templates. */
function replaceSources(content: MessageContent, replace: Replace): MessageContent {
  switch (content.type) {
    case 'text':
      return content
    case 'interactive': {
      const { interactive } = content
      if (!('header' in interactive) || !interactive.header) return content
      const header = replaceIn(interactive.header, replace)
      return { ...content, interactive: { ...interactive, header } } as MessageContent
    }
    case 'template': {
      const { template } = content
      if (!template.components) return content
      const components = template.components.map((component) => replaceDeep(component, replace))
      return { ...content, template: { ...template, components } } as MessageContent
    }
    default:
      return replaceIn(content, replace) as MessageContent
  }
}

function replaceDeep(value: unknown, replace: Replace): unknown {
  if (Array.isArray(value)) return value.map((each) => replaceDeep(each, replace))
  if (!isRecord(value)) return value
  const replaced = replaceIn(value, replace)
  return Object.fromEntries(
    Object.entries(replaced).map(([key, child]) => [
      key,
      (mediaKinds as readonly string[]).includes(key) ? child : replaceDeep(child, replace),
    ]),
  )
}

function replaceIn(holder: object, replace: Replace): Record<string, unknown> {
  const entries = Object.entries(holder).map(([key, value]) => {
    const kind = mediaKinds.find((each) => each === key)
    return [key, kind && isRecord(value) ? replace(kind, value) : (value as unknown)]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}

function isRecord(value: unknown): value is Source {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
