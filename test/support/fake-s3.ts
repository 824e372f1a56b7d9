import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A bucket on the loopback that speaks what is asked of S3: PUT, GET with ranges, HEAD, DELETE and uploads in parts. */
export async function openFakeS3() {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  const seen: string[] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3')
    const key = decodeURIComponent(pathname).split('/').slice(2).join('/')
    const upload = searchParams.get('uploadId')
    seen.push(
      `${request.method} ${upload === null ? '' : 'part '}${searchParams.has('uploads') ? 'begin' : ''}`.trim(),
    )
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks)
    const xml = (text: string) => response.setHeader('content-type', 'application/xml').end(text)
    if (request.method === 'POST' && searchParams.has('uploads')) {
      const id = randomUUID()
      uploads.set(id, new Map())
      return void xml(
        `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
      )
    }
    if (request.method === 'PUT' && upload !== null) {
      uploads.get(upload)?.set(Number(searchParams.get('partNumber')), body)
      return void response.setHeader('etag', '"part"').end()
    }
    if (request.method === 'POST' && upload !== null) {
      const parts = [...(uploads.get(upload) ?? [])].sort(([a], [b]) => a - b).map(([, part]) => part)
      objects.set(key, Buffer.concat(parts))
      uploads.delete(upload)
      return void xml('<CompleteMultipartUploadResult><ETag>"all"</ETag></CompleteMultipartUploadResult>')
    }
    if (request.method === 'DELETE') {
      if (upload === null) objects.delete(key)
      else uploads.delete(upload)
      return void response.writeHead(204).end()
    }
    if (request.method === 'PUT') {
      objects.set(key, body)
      return void response.setHeader('etag', '"all"').end()
    }
    return give(request, response, objects.get(key))
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...{ objects, uploads, seen },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function give(request: IncomingMessage, response: ServerResponse, object: Buffer | undefined): void {
  if (!object) {
    response.writeHead(404, { 'content-type': 'application/xml' })
    return void response.end('<Error><Code>NoSuchKey</Code></Error>')
  }
  const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const part = object.subarray(Number(first), last === '' ? undefined : Number(last) + 1)
  response.writeHead(request.headers.range ? 206 : 200, {
    'content-length': part.length,
    'content-range': `bytes ${first}-${Number(first) + part.length - 1}/${object.length}`,
  })
  response.end(request.method === 'HEAD' ? undefined : part)
}
