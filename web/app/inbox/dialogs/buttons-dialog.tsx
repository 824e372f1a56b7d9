import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { useAttributes } from '../../api/vocabulary.ts'
import type { Content } from '../../campaigns/message/direct-message.tsx'
import { MessageFormProvider } from '../../campaigns/message/message-form.ts'
import { ReplyButtons, startButtons } from '../../campaigns/message/reply-buttons.tsx'

type WithButtons = Extract<Content, { type: 'interactive' }>
interface Props {
  text: string
  onClose(): void
  onSend(content: JsonObject, text: string): void
}

const none = new Set<string>()

/** A text with buttons that the customer may tap. */
export function ButtonsDialog({ text, onClose, onSend }: Props) {
  const [content, setContent] = useState(() => startWith(text))
  const attributes = useAttributes()
  const places = [
    {
      title: 'The contact',
      items: attributes.map(({ name, label }) => ({ label, text: `{{contact.${name}}}` })),
    },
  ]
  const { interactive } = content
  const body = 'body' in interactive ? (interactive.body?.text ?? '') : ''
  const titles =
    interactive.type === 'button' ? interactive.action.buttons.map(({ reply }) => reply.title.trim()) : []
  const isWhole = body.trim() !== '' && titles.every((title) => title !== '')
  const isTwice = new Set(titles).size < titles.length
  const problemAt = (path: string) =>
    isTwice && path.endsWith('action.buttons') ? 'Two buttons may not say the same.' : undefined
  return (
    <Modal opened onClose={onClose} title="Text with buttons" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSend(content as unknown as JsonObject, body)
          onClose()
        }}
      >
        <Stack>
          <MessageFormProvider value={{ problemAt, places, counted: none }}>
            <ReplyButtons
              content={content}
              path="content"
              onChange={(changed) => changed.type === 'interactive' && setContent(changed)}
            />
          </MessageFormProvider>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isWhole || isTwice}>
              Send
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function startWith(text: string): WithButtons {
  const start = startButtons() as WithButtons
  return { ...start, interactive: { ...start.interactive, body: { text } } }
}
