import { Button, Group, Stack, TextInput } from '@mantine/core'
import { ErrorText } from '../../forms/error-text.tsx'
import { RemoveButton } from '../../forms/remove-button.tsx'
import type { Content } from './direct-message.tsx'
import { useMessageForm } from './message-form.ts'
import { PlaceholderInput } from './placeholder-input.tsx'

type Interactive = Extract<Content, { type: 'interactive' }>
type WithReplies = Extract<Interactive['interactive'], { type: 'button' }>

const ids = ['button-1', 'button-2', 'button-3']
const startReply = (taken: string[] = []) => ({
  type: 'reply' as const,
  reply: { id: ids.find((id) => !taken.includes(id)) ?? '', title: '' },
})

export function startButtons(): Content {
  return {
    type: 'interactive',
    interactive: { type: 'button', body: { text: '' }, action: { buttons: [startReply()] } },
  }
}

interface Props {
  content: Interactive
  path: string
  onChange(content: Content): void
}

/** A text with up to three buttons to tap. */
export function ReplyButtons({ content, path, onChange }: Props) {
  const { problemAt } = useMessageForm()
  const interactive = content.interactive as WithReplies
  const { buttons } = interactive.action
  const set = (part: Partial<WithReplies>) =>
    onChange({ ...content, interactive: { ...interactive, ...part } })
  const setButtons = (changed: typeof buttons) => set({ action: { ...interactive.action, buttons: changed } })
  const at = `${path}.interactive`
  return (
    <Stack gap="xs">
      <PlaceholderInput
        label="Text"
        value={interactive.body.text}
        path={`${at}.body.text`}
        onChange={(text) => set({ body: { text } })}
      />
      {buttons.map((button, place) => (
        <Group key={place} gap="xs" align="flex-end" wrap="nowrap">
          <TextInput
            label={`Button ${place + 1}`}
            required
            maxLength={20}
            value={button.reply.title}
            error={problemAt(`${at}.action.buttons.${place}.reply.title`)}
            onChange={(event) =>
              setButtons(
                buttons.with(place, {
                  ...button,
                  reply: { ...button.reply, title: event.currentTarget.value },
                }),
              )
            }
            style={{ flex: 1 }}
            maw={320}
          />
          {buttons.length > 1 && (
            <RemoveButton
              what={`button ${place + 1}`}
              onClick={() => setButtons(buttons.toSpliced(place, 1))}
            />
          )}
        </Group>
      ))}
      <ErrorText text={problemAt(`${at}.action.buttons`)} />
      {buttons.length < 3 && (
        <Button
          size="compact-sm"
          variant="light"
          w="fit-content"
          onClick={() => setButtons([...buttons, startReply(buttons.map(({ reply }) => reply.id))])}
        >
          Add a button
        </Button>
      )}
    </Stack>
  )
}
