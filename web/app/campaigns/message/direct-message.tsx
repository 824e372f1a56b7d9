import { Alert, Button, Group, Menu, Stack, Textarea } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import type { Variant } from '../../../../src/model/campaign-definition.ts'
import { JsonField } from '../../forms/json-field.tsx'
import { RemoveButton } from '../../forms/remove-button.tsx'
import { Icon } from '../../ui/icon.tsx'
import type { Json } from '../../../../src/model/json.ts'
import { useComposer } from '../composer/composer-context.ts'
import { type MediaSource, MediaInput } from './media-input.tsx'
import { ReplyButtons, startButtons } from './reply-buttons.tsx'
import { PlaceholderInput } from './placeholder-input.tsx'

export type DirectMessage = Extract<Variant['message'], { kind: 'direct' }>
export type Content = DirectMessage['contents'][number]

interface Props<T> {
  path: string
  onChange(value: T): void
}

const starts: { label: string; start: () => Content }[] = [
  { label: 'Text', start: () => ({ type: 'text', text: { body: '' } }) },
  { label: 'Picture', start: () => ({ type: 'image', image: {} }) },
  { label: 'Video', start: () => ({ type: 'video', video: {} }) },
  { label: 'Document', start: () => ({ type: 'document', document: {} }) },
  { label: 'Audio', start: () => ({ type: 'audio', audio: {} }) },
  { label: 'Sticker', start: () => ({ type: 'sticker', sticker: {} }) },
  { label: 'Text with buttons', start: startButtons },
]

/** Messages without a template, for those whose 24-hour window is open. */
export function DirectFields({ message, path, onChange }: Props<DirectMessage> & { message: DirectMessage }) {
  const { problemAt } = useComposer()
  const { contents } = message
  const set = (changed: Content[]) => onChange({ ...message, contents: changed })
  return (
    <Stack gap="sm">
      <Alert color="blue" p="xs">
        Only who has written to the number in the last 24 hours gets it; everybody else is left out.
      </Alert>
      {contents.map((content, at) => (
        <div key={at} className="app-group" role="group" aria-label={`Message ${at + 1}`}>
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div style={{ flex: 1, minWidth: 0 }}>
              <ContentFields
                content={content}
                path={`${path}.contents.${at}`}
                onChange={(changed) => set(contents.with(at, changed))}
              />
            </div>
            {contents.length > 1 && (
              <RemoveButton what={`message ${at + 1}`} onClick={() => set(contents.toSpliced(at, 1))} />
            )}
          </Group>
        </div>
      ))}
      <ErrorText text={problemAt(`${path}.contents`)} />
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="light" leftSection={<Icon name="plus" size={14} />} w="fit-content">
            Add a message
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {starts.map(({ label, start }) => (
            <Menu.Item key={label} onClick={() => set([...contents, start()])}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  )
}

function ContentFields({ content, path, onChange }: Props<Content> & { content: Content }) {
  switch (content.type) {
    case 'text':
      return (
        <PlaceholderInput
          label="Text"
          value={content.text.body}
          path={`${path}.text.body`}
          onChange={(body) => onChange({ ...content, text: { ...content.text, body } })}
        />
      )
    case 'image':
      return (
        <WithCaption
          label="Picture"
          media={content.image}
          path={`${path}.image`}
          onChange={(image) => onChange({ ...content, image })}
        />
      )
    case 'video':
      return (
        <WithCaption
          label="Video"
          media={content.video}
          path={`${path}.video`}
          onChange={(video) => onChange({ ...content, video })}
        />
      )
    case 'document':
      return (
        <WithCaption
          label="Document"
          media={content.document}
          path={`${path}.document`}
          onChange={(document) => onChange({ ...content, document })}
        />
      )
    default:
      return <OtherContent content={content} path={path} onChange={onChange} />
  }
}

function OtherContent({ content, path, onChange }: Props<Content> & { content: Content }) {
  const { problemAt } = useComposer()
  if (content.type === 'audio' || content.type === 'sticker') {
    const media = content.type === 'audio' ? content.audio : content.sticker
    return (
      <MediaInput
        label={content.type === 'audio' ? 'Audio' : 'Sticker'}
        mayLibrary
        value={media}
        path={`${path}.${content.type}`}
        onChange={(changed) =>
          onChange(
            content.type === 'audio'
              ? { type: 'audio', audio: changed }
              : { type: 'sticker', sticker: changed },
          )
        }
      />
    )
  }
  if (content.type === 'interactive' && content.interactive.type === 'button')
    return <ReplyButtons content={content} path={path} onChange={onChange} />
  // Lists, flows and products are written by the API; they stay as they are.
  return (
    <JsonField
      schema={{}}
      label={`Message of the kind ${content.type}`}
      isRequired
      value={content as unknown as Json}
      path={path}
      problemAt={problemAt}
      onChange={(changed) => onChange(changed as unknown as Content)}
    />
  )
}

type Captioned = MediaSource & { caption?: string | undefined }

function WithCaption({
  label,
  media,
  path,
  onChange,
}: Props<Captioned> & { label: string; media: Captioned }) {
  const { problemAt } = useComposer()
  const { caption } = media
  return (
    <Stack gap="xs">
      <MediaInput
        label={label}
        mayLibrary
        value={media}
        path={path}
        onChange={(changed) => onChange({ ...changed, caption })}
      />
      <Textarea
        label="Words under it"
        autosize
        value={caption ?? ''}
        error={problemAt(`${path}.caption`)}
        onChange={(event) => onChange({ ...media, caption: event.currentTarget.value || undefined })}
      />
    </Stack>
  )
}
