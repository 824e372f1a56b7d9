/** Small files of each kind, sent when a customer's media message names none. */
export const placeholderBytes: Record<string, { mimeType: string; bytes: Buffer }> = {
  image: {
    mimeType: 'image/png',
    // One grey pixel.
    bytes: Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNsaGj4DwAFhAKAjM1mJgAAAABJRU5ErkJggg==',
      'base64',
    ),
  },
  sticker: {
    mimeType: 'image/webp',
    bytes: Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64'),
  },
  video: { mimeType: 'video/mp4', bytes: Buffer.from('AAAAGGZ0eXBtcDQyAAAAAG1wNDJpc29t', 'base64') },
  audio: { mimeType: 'audio/ogg; codecs=opus', bytes: Buffer.from('T2dnUwACAAAAAAAAAAA=', 'base64') },
  document: {
    mimeType: 'application/pdf',
    bytes: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
  },
}
