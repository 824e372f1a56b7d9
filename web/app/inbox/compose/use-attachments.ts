import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { upload } from '../../api/client.ts'

interface StoredFile {
  id: string
  name: string
  kind: 'image' | 'video' | 'audio' | 'document' | 'sticker'
  mimeType: string
}
export interface Attachment {
  key: string
  name: string
  share: number
  stored: StoredFile | null
  problem: string | null
}

/** Files that go out with the message: each is in the media library before. */
export function useAttachments() {
  const [attachments, setAttachments] = useState<Attachment[]>([])
  const put = (key: string, change: Partial<Attachment>) =>
    setAttachments((all) => all.map((each) => (each.key === key ? { ...each, ...change } : each)))
  const add = (files: File[]) => {
    for (const file of files) {
      const key = `${file.name} ${performance.now()}`
      setAttachments((all) => [...all, { key, name: file.name, share: 0, stored: null, problem: null }])
      upload<StoredFile>(`/media?name=${encodeURIComponent(file.name)}`, file, (share) => put(key, { share }))
        .then((stored) => put(key, { stored, share: 1 }))
        .catch((error: unknown) =>
          put(key, { problem: error instanceof Error ? error.message : 'It could not be uploaded.' }),
        )
    }
  }
  const remove = (key: string) => setAttachments((all) => all.filter((each) => each.key !== key))
  return { attachments, add, remove, clear: () => setAttachments([]) }
}

const captioned = new Set(['image', 'video', 'document'])

/** The messages that a text and files become: the text is the first file's caption where it can have one. */
export function contentsOf(text: string, files: StoredFile[]): { content: JsonObject; text: string }[] {
  const [first] = files
  const isCaption = text !== '' && first !== undefined && captioned.has(first.kind) && text.length <= 1_024
  const messages = files.map((file, at): { content: JsonObject; text: string } => {
    const { id, kind, name } = file
    const caption = isCaption && at === 0 ? text : undefined
    const media = {
      library: id,
      ...(caption !== undefined && { caption }),
      ...(kind === 'document' && { filename: name }),
    }
    return { content: { type: kind, [kind]: media }, text: caption ?? name }
  })
  if (text === '' || isCaption) return messages
  return [{ content: { type: 'text', text: { body: text, preview_url: true } }, text }, ...messages]
}
