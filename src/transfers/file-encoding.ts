import { isAscii, isUtf8 } from 'node:buffer'
import { AppError } from '../model/errors.ts'

/** Turns a file into UTF-8 as it comes, without its byte order mark. */
export interface FileDecoder {
  write(bytes: Buffer): Buffer
  end(): Buffer
  /** As detected or given, in the names of the Encoding Standard: `utf-8`, `utf-16le`, `windows-1252`. */
  encoding(): string
}

const detectionBytes = 1_024

/**
 * @param given the caller's word for the encoding. Without one a byte order mark decides, then the NULs of UTF-16, then
 * whether it is UTF-8; a file that is ASCII up to its first byte that is not UTF-8 is of Western Windows (windows-1252).
 */
export function createFileDecoder(given?: string): FileDecoder {
  const chosen = given === undefined ? undefined : decoderOf(given)
  let inner: FileDecoder | undefined
  let head: Buffer = Buffer.alloc(0)
  const open = (bytes: Buffer) => {
    refuseOtherFormats(bytes)
    const bom = markOf(bytes)
    const found = chosen ?? (bom ? decoderOf(bom.encoding) : undefined) ?? withoutMark(bytes)
    inner = found
    return found.write(bytes.subarray(bom?.bytes ?? 0))
  }
  return {
    write(bytes) {
      if (inner) return inner.write(bytes)
      head = Buffer.concat([head, bytes])
      return head.length < detectionBytes ? Buffer.alloc(0) : open(head)
    },
    end() {
      const first = inner ? Buffer.alloc(0) : open(head)
      return Buffer.concat([first, inner?.end() ?? Buffer.alloc(0)])
    },
    encoding: () => inner?.encoding() ?? 'utf-8',
  }
}

function markOf(bytes: Buffer): { encoding: string; bytes: number } | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', bytes: 3 }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', bytes: 2 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', bytes: 2 }
  return undefined
}

/** Text of Latin letters in UTF-16 has a NUL in every other byte. */
function withoutMark(bytes: Buffer): FileDecoder {
  const head = bytes.subarray(0, detectionBytes)
  const share = (from: number) => {
    const every = [...head].filter((_, at) => at % 2 === from)
    return every.length === 0 ? 0 : every.filter((byte) => byte === 0).length / every.length
  }
  if (share(1) > 0.4 && share(0) < 0.1) return decoderOf('utf-16le')
  if (share(0) > 0.4 && share(1) < 0.1) return decoderOf('utf-16be')
  if (share(0) + share(1) > 0.2)
    throw refuse('this is no text file: it holds NUL bytes. Save it as CSV (UTF-8)')
  return utf8OrWindows()
}

const formats: [string, string][] = [
  ['504b0304', 'this is an Excel or ZIP file: save the sheet as CSV (UTF-8)'],
  ['d0cf11e0', 'this is an old Excel file: save the sheet as CSV (UTF-8)'],
  ['1f8b', 'this is a gzip file: unpack it first'],
  ['25504446', 'this is a PDF file: save the table as CSV (UTF-8)'],
]

function refuseOtherFormats(bytes: Buffer): void {
  const start = bytes.toString('hex', 0, 4)
  const words = formats.find(([signature]) => start.startsWith(signature))?.[1]
  if (words) throw refuse(words)
}

function decoderOf(encoding: string): FileDecoder {
  const decoder = open(encoding)
  const name = decoder.encoding
  let seen = 0
  const decode = (bytes: Buffer, stream: boolean) => {
    try {
      const text = decoder.decode(bytes, { stream })
      seen += bytes.length
      return Buffer.from(text, 'utf8')
    } catch {
      throw refuse(`after byte ${seen.toLocaleString('en')} the file is not ${name}: save it as CSV (UTF-8)`)
    }
  }
  return {
    write: (bytes) => decode(bytes, true),
    end: () => decode(Buffer.alloc(0), false),
    encoding: () => name,
  }
}

function open(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw refuse(`"${encoding}" is not an encoding we know`)
  }
}

/** Decides late: as long as all is ASCII the two are the same. */
function utf8OrWindows(): FileDecoder {
  let windows: FileDecoder | undefined
  let isPlain = true
  let cut: Buffer = Buffer.alloc(0)
  let seen = 0
  const write = (bytes: Buffer, isLast: boolean): Buffer => {
    if (windows) return windows.write(bytes)
    const all = cut.length > 0 ? Buffer.concat([cut, bytes]) : bytes
    const whole = isLast ? all.length : all.length - tornBytes(all)
    const ready = all.subarray(0, whole)
    if (!isUtf8(ready)) {
      if (!isPlain || beginsAsUtf8(ready)) throw refuse(mixedWords(seen))
      windows = decoderOf('windows-1252')
      return windows.write(all)
    }
    isPlain &&= isAscii(ready)
    seen += whole
    cut = all.subarray(whole)
    return ready
  }
  return {
    write: (bytes) => write(bytes, false),
    end: () => write(Buffer.alloc(0), true),
    encoding: () => windows?.encoding() ?? 'utf-8',
  }
}

/** Whether lines with more than ASCII are UTF-8 before one is not. */
function beginsAsUtf8(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(10, at)
    const line = bytes.subarray(at, end < 0 ? bytes.length : end + 1)
    if (!isUtf8(line)) return false
    if (!isAscii(line)) return true
    at += line.length
  }
  return false
}

function mixedWords(seen: number): string {
  return `the file begins as UTF-8, but after byte ${seen.toLocaleString('en')} it is not: save it as CSV (UTF-8), or say ?encoding=`
}

/** Bytes at the end that begin a character whose rest has not come yet. */
function tornBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}

function refuse(message: string): AppError {
  return new AppError('unprocessable', message, { fields: [{ field: 'file', message }] })
}
