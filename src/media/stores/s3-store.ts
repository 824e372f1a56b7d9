import { Readable } from 'node:stream'
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import type { Config } from '../../config.ts'
import { AppError } from '../../model/errors.ts'
import type { BlobKey, MediaStore } from './store.ts'

/** S3's smallest part but the last; one is held at a time. */
const partBytes = 5 * 1024 * 1024

type S3Config = Pick<
  Config,
  'S3_BUCKET' | 'S3_ENDPOINT' | 'S3_REGION' | 'S3_PREFIX' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY'
>

/** A bucket of S3, or of anything that speaks as it does. Other servers are asked by path, and for no newer checksums. */
export function s3Store(config: S3Config): MediaStore {
  const { S3_BUCKET: Bucket, S3_ENDPOINT: endpoint, S3_PREFIX: prefix } = config
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = config
  if (!Bucket) throw new AppError('unavailable', 'S3_BUCKET says where the files of the store "s3" are')
  const client = new S3Client({
    region: config.S3_REGION,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(accessKeyId && secretAccessKey && { credentials: { accessKeyId, secretAccessKey } }),
  })
  const place = ({ workspaceId, id }: BlobKey) => ({ Bucket, Key: `${prefix}${workspaceId}/${id}` })
  async function* read(key: BlobKey, from: number, to: number): AsyncGenerator<Buffer, void> {
    if (to <= from) return
    const command = new GetObjectCommand({ ...place(key), Range: `bytes=${from}-${to - 1}` })
    const { Body } = await client.send(command)
    if (Body instanceof Readable) yield* Body as AsyncIterable<Buffer>
    else throw new Error(`the store gave no bytes of ${key.id}`)
  }
  return {
    async write(key, bytes) {
      const Body = Readable.from(bytes, { objectMode: false, highWaterMark: partBytes })
      const upload = { client, params: { ...place(key), Body }, partSize: partBytes, queueSize: 1 }
      await new Upload(upload).done()
    },
    read,
    async remove(key) {
      await client.send(new DeleteObjectCommand(place(key)))
    },
  }
}
