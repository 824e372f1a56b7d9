import { Anchor, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { api } from '../../../api/client.ts'
import type { Message, MessageMedia } from '../../../api/inbox-shapes.ts'
import { Icon } from '../../../ui/icon.tsx'
import { part, webAddress, words } from './read-content.ts'
import { TextBody } from './text-body.tsx'

const names: Record<string, string> = {
  image: 'Photo',
  video: 'Video',
  audio: 'Audio',
  document: 'Document',
  sticker: 'Sticker',
}

/** A file with what is written under it. */
export function MediaBody({ message: { type, content, media } }: { message: Message }) {
  const given = part(content, type)
  return (
    <>
      <File kind={type} given={given} media={media ?? null} isVoice={given['voice'] === true} />
      <TextBody text={words(given, 'caption')} />
    </>
  )
}

interface FileProps {
  kind: string
  /** The Cloud API's object: `id`, `link`, `filename` …, and `library` where it is a file of ours. */
  given: object
  media: MessageMedia | null
  isVoice?: boolean
}

export function File({ kind, given, media, isVoice = false }: FileProps) {
  const source = sourceOf(given, media)
  const name = words(given, 'filename') || media?.name || names[kind] || 'File'
  if (!source) return <Missing kind={kind} name={name} media={media} link={words(given, 'link')} />
  if (kind === 'image' || kind === 'sticker')
    return <Picture source={source} small={media?.thumbnail} kind={kind} name={name} />
  if (kind === 'video' || kind === 'audio')
    return <Player kind={kind} source={source} name={name} isVoice={isVoice} />
  return <Download source={source} name={name} media={media} />
}

interface PlayerProps {
  kind: 'video' | 'audio'
  source: string
  name: string
  isVoice: boolean
}

/** What customers send has no captions. */
function Player({ kind, source, name, isVoice }: PlayerProps) {
  const Element = kind
  return (
    <Group gap={6} wrap="nowrap">
      {isVoice && <Icon name="mic" />}
      <Element className={`inbox-${kind}`} controls preload="metadata" src={source} aria-label={name} />
    </Group>
  )
}

/** Files of others' servers are not loaded by the page: that would tell them who reads when. */
function sourceOf(given: object, media: MessageMedia | null): string | undefined {
  const id = media?.id ?? words(given, 'library')
  return id && (!media || media.state === 'ready') ? api.address(`/media/${id}/file`) : undefined
}

interface PictureProps {
  source: string
  small: string | null | undefined
  kind: string
  name: string
}

function Picture({ source, small, kind, name }: PictureProps) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <Download source={source} name={name} media={null} />
  return (
    <a href={source} target="_blank" rel="noopener noreferrer" title="Open">
      <img
        className={kind === 'sticker' ? 'inbox-sticker' : 'inbox-picture'}
        src={kind === 'sticker' ? source : (small ?? source)}
        alt={name}
        loading="lazy"
        onError={() => setBroken(true)}
      />
    </a>
  )
}

function Download({ source, name, media }: { source: string; name: string; media: MessageMedia | null }) {
  return (
    <a className="inbox-file" href={source} download={name}>
      <Icon name="file" size={26} />
      <span className="inbox-file-name">
        {name}
        {media?.bytes !== undefined && media.bytes !== null && (
          <small>
            {sayBytes(media.bytes)} · {media.mimeType}
          </small>
        )}
      </span>
      <Icon name="download" />
    </a>
  )
}

function Missing({
  kind,
  name,
  media,
  link,
}: {
  kind: string
  name: string
  media: MessageMedia | null
  link: string
}) {
  const address = webAddress(link)
  return (
    <div className="inbox-file">
      <Icon name="file" size={26} />
      <span className="inbox-file-name">
        {address ? (
          <Anchor href={address} target="_blank" rel="noopener noreferrer nofollow" size="sm">
            {name}
          </Anchor>
        ) : (
          name
        )}
        <Text component="small" size="xs">
          {sayMissing(kind, media, address !== undefined)}
        </Text>
      </span>
    </div>
  )
}

function sayMissing(kind: string, media: MessageMedia | null, isLinked: boolean): string {
  if (media?.state === 'failed') return media.problem ?? 'WhatsApp did not hand the file over'
  if (media?.state === 'waiting') return 'is being fetched …'
  return isLinked ? 'on another server' : `${names[kind] ?? 'a file'} at WhatsApp`
}

function sayBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  const step = Math.min(3, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(bytes / 1_000 ** step).toFixed(step === 0 ? 0 : 1)} ${units[step]}`
}
