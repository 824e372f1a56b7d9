import type { SendDeps } from '../../inbox/send-message.ts'
import { prepareMedia, type PreparedMedia } from '../../media/prepare-media.ts'
import { listLibraryMedia } from '../../model/media-references.ts'
import type { MessageContent } from '../../model/message.ts'
import type { Lane } from './lane.ts'

/** Files of the library that WhatsApp has for this number, as the messages of a run name them. */
export interface LaneMedia {
  sources: Extract<PreparedMedia, { state: 'ready' }>['sources']
  /** Uploads what the run shows, before anything that shows it is in flight. Says what it waits for, if so. */
  prepare(): Promise<string | undefined>
}

/** Uploads expire: they are looked up again after this. */
const freshMs = 60_000

export function createLaneMedia(deps: SendDeps, lane: Lane): LaneMedia {
  const contents = lane.definition.variants.flatMap(({ message }): MessageContent[] =>
    message.kind === 'direct' ? message.contents : [],
  )
  const showing = contents.filter((content) => listLibraryMedia(content).length > 0)
  const sources: LaneMedia['sources'] = new Map()
  let freshUntilMs = 0
  return {
    sources,
    async prepare() {
      if (showing.length === 0 || Date.now() < freshUntilMs) return undefined
      for (const content of showing) {
        const media = await prepareMedia(deps, lane.number, content)
        if (media.state === 'deferred') return media.reason
        for (const [id, source] of media.sources) sources.set(id, source)
      }
      freshUntilMs = Date.now() + freshMs
      return undefined
    },
  }
}
