/** Cuts a stream into pieces of one size; the last may be shorter. */
export async function* inPieces(
  file: AsyncIterable<Buffer>,
  pieceBytes: number,
): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = []
  let held = 0
  for await (const chunk of file) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + pieceBytes - held)
      parts.push(part)
      held += part.length
      at += part.length
      if (held < pieceBytes) continue
      yield Buffer.concat(parts, held)
      parts = []
      held = 0
    }
  }
  if (held > 0) yield Buffer.concat(parts, held)
}
