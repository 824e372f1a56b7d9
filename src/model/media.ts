/** WhatsApp's kinds of media that can be sent, from Meta's "Supported media types". */
const MB = 1024 * 1024
const office = 'application/vnd.openxmlformats-officedocument'

/** Archives, which only their names tell apart. */
export const officeTypes: readonly string[] = [
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
  `${office}.wordprocessingml.document`,
  `${office}.spreadsheetml.sheet`,
  `${office}.presentationml.presentation`,
]

export const textTypes: readonly string[] = ['text/plain', 'text/csv']

export const mediaKinds = ['image', 'video', 'audio', 'document', 'sticker'] as const
export type MediaKind = (typeof mediaKinds)[number]

interface MediaRule {
  maximumBytes: number
  mimeTypes: readonly string[]
}

export const mediaRules: Readonly<Record<MediaKind, MediaRule>> = {
  image: { maximumBytes: 5 * MB, mimeTypes: ['image/jpeg', 'image/png'] },
  video: { maximumBytes: 16 * MB, mimeTypes: ['video/mp4', 'video/3gpp'] },
  audio: {
    maximumBytes: 16 * MB,
    mimeTypes: ['audio/aac', 'audio/mp4', 'audio/mpeg', 'audio/amr', 'audio/ogg', 'audio/opus'],
  },
  sticker: { maximumBytes: 500 * 1024, mimeTypes: ['image/webp'] },
  document: {
    maximumBytes: 100 * MB,
    mimeTypes: ['application/pdf', ...textTypes, ...officeTypes],
  },
}

/** Customers may send more than a business may, and files of any type. No file is larger than this, whatever it is. */
export const receivedBytes: Readonly<Record<MediaKind, number>> = {
  image: 25 * MB,
  video: 100 * MB,
  audio: 100 * MB,
  sticker: 2 * MB,
  document: 100 * MB,
}

/** What a browser shows or plays and never runs. */
const shownTypes = /^(image\/(jpeg|png|webp|gif)|audio\/[\w.+-]+|video\/[\w.+-]+)$/
const plainTypes: readonly string[] = ['application/pdf', 'application/zip', ...textTypes, ...officeTypes]

/** How a file of this content is served: what could become a page is bytes to be saved, and nothing else. */
export function servedAs(mimeType: string): { contentType: string; disposition: 'inline' | 'attachment' } {
  if (shownTypes.test(mimeType)) return { contentType: mimeType, disposition: 'inline' }
  const contentType = plainTypes.includes(mimeType) ? mimeType : 'application/octet-stream'
  return { contentType, disposition: 'attachment' }
}

/** Of which a small picture can be made. */
export const picturedTypes: readonly string[] = ['image/jpeg', 'image/png', 'image/webp', 'image/gif']

/** Without parameters like `codecs`, as WhatsApp compares it. */
export function baseMimeType(mimeType: string): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase()
}

/** What a file of this type is sent as; undefined when WhatsApp does not take it. */
export function mediaKindOf(mimeType: string): MediaKind | undefined {
  return mediaKinds.find((kind) => mediaRules[kind].mimeTypes.includes(mimeType))
}

const signatures: { mimeTypes: readonly string[]; fits: (head: Uint8Array) => boolean }[] = [
  { mimeTypes: ['image/jpeg'], fits: startsWith(0xff, 0xd8, 0xff) },
  { mimeTypes: ['image/png'], fits: startsWith(0x89, 0x50, 0x4e, 0x47) },
  { mimeTypes: ['image/webp'], fits: (head) => word(head, 0) === 'RIFF' && word(head, 8) === 'WEBP' },
  { mimeTypes: ['video/mp4', 'video/3gpp', 'audio/mp4'], fits: (head) => word(head, 4) === 'ftyp' },
  { mimeTypes: ['audio/ogg', 'audio/opus'], fits: (head) => word(head, 0) === 'OggS' },
  { mimeTypes: ['audio/amr'], fits: (head) => word(head, 0) === '#!AM' },
  { mimeTypes: ['audio/aac', 'audio/mpeg'], fits: isStream },
  { mimeTypes: ['application/pdf'], fits: (head) => word(head, 0) === '%PDF' },
  { mimeTypes: mediaRules.document.mimeTypes.filter((type) => type.startsWith(office)), fits: isZip },
  {
    mimeTypes: ['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
    fits: startsWith(0xd0, 0xcf, 0x11, 0xe0),
  },
]

/** Whether a file's first bytes are those of the type that it says it has. WhatsApp refuses what is not, but only when it is sent. */
export function fitsMimeType(mimeType: string, head: Uint8Array): boolean {
  const signature = signatures.find(({ mimeTypes }) => mimeTypes.includes(mimeType))
  return signature ? signature.fits(head) : !head.includes(0)
}

function startsWith(...bytes: number[]): (head: Uint8Array) => boolean {
  return (head) => bytes.every((byte, at) => head[at] === byte)
}

/** A frame of MPEG audio, or the tags before it. */
function isStream(head: Uint8Array): boolean {
  return word(head, 0).startsWith('ID3') || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0)
}

function isZip(head: Uint8Array): boolean {
  return startsWith(0x50, 0x4b)(head)
}

function word(head: Uint8Array, from: number): string {
  return String.fromCharCode(...head.subarray(from, from + 4))
}
