import { fileTypeFromBuffer } from 'file-type'
import { officeTypes, textTypes } from '../model/media.ts'

/** How much of a file's beginning is looked at. */
export const headBytes = 4_100

const markup = /<(!doctype|html|head|body|script|iframe|object|embed|svg|math|x:|\?xml|!entity|!--)/i

/** Of an archive with files, of an empty one, and of a part of one. */
const zipBeginnings = [0x03_04, 0x05_06, 0x07_08].map((end) =>
  Buffer.from([0x50, 0x4b, end >> 8, end & 0xff]),
)

/**
 * What the first bytes of a file are, whatever it was called. Archives are told by their first bytes and never opened; what a
 * browser might run is told before everything else.
 */
export async function sniff(head: Buffer): Promise<string | undefined> {
  const text = readText(head)
  if (text !== undefined && markup.test(text)) {
    if (/<svg/i.test(text)) return 'image/svg+xml'
    return /<(\?xml|!entity)/i.test(text) && !/<(!doctype html|html|script)/i.test(text)
      ? 'text/xml'
      : 'text/html'
  }
  if (zipBeginnings.some((beginning) => head.subarray(0, 4).equals(beginning))) return 'application/zip'
  const found = await fileTypeFromBuffer(head).catch(() => undefined)
  return found?.mime ?? (text === undefined ? undefined : 'text/plain')
}

/** Of a type that only its name tells apart, the name is believed: an archive of office, or a kind of plain text. */
export function settleType(declared: string, sniffed: string | undefined): string {
  const isOffice = officeTypes.includes(declared)
  if (isOffice && (sniffed === 'application/zip' || sniffed === 'application/x-cfb')) return declared
  if (sniffed === 'text/plain' && textTypes.includes(declared)) return declared
  return sniffed ?? 'application/octet-stream'
}

/** Undefined of what is no text. A byte order mark may stand before it, and the end may cut a letter. */
function readText(head: Buffer): string | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return head.toString('utf16le', 2)
  if (head[0] === 0xfe && head[1] === 0xff)
    return Buffer.from(head.subarray(2, head.length & ~1))
      .swap16()
      .toString('utf16le')
  if (head.includes(0)) return undefined
  const text = head.toString('utf8').replace(/^\ufeff/, '')
  const broken = text.slice(0, -4).split('\ufffd').length - 1
  return broken * 20 > text.length ? undefined : text
}
