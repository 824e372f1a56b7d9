/** Whose bytes: of one content of one workspace. */
export interface BlobKey {
  workspaceId: string
  id: string
}

/** A place where the bytes of files are. What it was never given the end of, it need not keep. */
export interface MediaStore {
  /** Takes the bytes as they come; no more than some pieces of them are held at a time. */
  write(key: BlobKey, bytes: AsyncIterable<Buffer>): Promise<void>
  /** The bytes from a place on, up to another and without it. */
  read(key: BlobKey, from: number, to: number): AsyncIterable<Buffer>
  /** Nothing happens where there is nothing. */
  remove(key: BlobKey): Promise<void>
}
