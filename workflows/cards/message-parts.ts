import { z } from 'zod'
import type { MediaKind } from '../../src/model/media.ts'
import type { CardReference } from './card.ts'

/** Nothing longer is written, whatever it becomes: that is said once. */
const longestText = 4_096

/** A text as it is written: a placeholder counts as one character, what it becomes is measured when it is sent. */
export function text(maximum: number) {
  const isShort = (written: string) =>
    written.length > longestText || written.replace(/\{\{[^}]*\}\}/g, 'x').length <= maximum
  return z
    .string()
    .min(1)
    .max(longestText)
    .refine((written) => written.trim() !== '', 'must not be blank')
    .refine(isShort, `must have at most ${maximum} characters`)
    .meta({ maxLength: maximum })
}

/** The name of a variable, and of an attribute. */
export const variableName = z
  .string()
  .regex(/^(?!__proto__$)[A-Za-z_]\w{0,99}$/, 'must be a name of letters, digits and _')
/** Ids that outlets are called by. */
export const choiceId = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, - or _')

/** An address on the web, which placeholders may be part of. */
export const webLink = z
  .string()
  .max(2_000)
  .refine(
    (link) => /^https?:\/\/[^\s/]/i.test(link) || link.startsWith('{{'),
    'must be a web address, http or https',
  )
  .meta({ format: 'uri' })

/** Media out of the library or by a link. */
export const mediaSetting = z
  .object({
    library: z.uuid().optional().meta({ title: 'Out of the library', widget: 'media' }),
    link: webLink.optional().meta({ title: 'Or by a link' }),
  })
  .refine(
    ({ library, link }) => (library === undefined) !== (link === undefined),
    'give either library or link',
  )
type MediaSetting = z.infer<typeof mediaSetting>

export const caption = text(1_024).optional().meta({ title: 'Caption', widget: 'textarea' })
export const body = text(1_024).meta({ title: 'Body', widget: 'textarea' })
export const footer = text(60).optional().meta({ title: 'Footer' })
export const header = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: text(60) }),
    z.object({ type: z.literal('image'), image: mediaSetting }),
    z.object({ type: z.literal('video'), video: mediaSetting }),
    z.object({ type: z.literal('document'), document: mediaSetting }),
  ])
  .optional()
  .meta({ title: 'Header' })
type Header = z.infer<typeof header>

interface Parts {
  header?: Header
  body: string
  footer?: string | undefined
}

/** Header, body and footer as WhatsApp has them. */
export function toParts(parts: Parts) {
  return {
    ...(parts.header && { header: parts.header }),
    body: { text: parts.body },
    ...(parts.footer !== undefined && { footer: { text: parts.footer } }),
  }
}

/** What a media setting names that must be there when the journey is published. */
export function mediaReference({ library }: MediaSetting, as: MediaKind, field: string): CardReference[] {
  return library === undefined ? [] : [{ kind: 'media', id: library, as, field: `${field}.library` }]
}

export function headerReferences(given: Header): CardReference[] {
  switch (given?.type) {
    case 'image':
      return mediaReference(given.image, 'image', 'header.image')
    case 'video':
      return mediaReference(given.video, 'video', 'header.video')
    case 'document':
      return mediaReference(given.document, 'document', 'header.document')
    default:
      return []
  }
}
