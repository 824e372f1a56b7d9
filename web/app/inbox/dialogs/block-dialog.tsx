import { Button, Group, Modal, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { JsonObject } from '../../../../src/model/json.ts'
import { getAll } from '../../api/client.ts'
import type { Message } from '../../api/inbox-shapes.ts'
import { ProblemNotice } from '../../ui/states.tsx'
import { MessageBody } from '../chat/content/message-body.tsx'
import { draftMessage } from '../chat/draft-message.ts'

interface Block {
  id: string
  name: string
  kind: string
  content: JsonObject
}
interface Props {
  onClose(): void
  onSend(blockId: string, text: string): void
}

/** Lists, buttons and forms that were made once, for journeys and for chats. */
export function BlockDialog({ onClose, onSend }: Props) {
  const [id, setId] = useState<string | null>(null)
  const blocks = useQuery({
    queryKey: ['blocks'],
    queryFn: () => getAll<Block>('/blocks'),
    staleTime: 30_000,
  })
  const block = blocks.data?.find((each) => each.id === id)
  return (
    <Modal opened onClose={onClose} title="Send a saved message">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!block) return
          onSend(block.id, block.name)
          onClose()
        }}
      >
        <Stack>
          <ProblemNotice error={blocks.error} />
          <Select
            label="Message"
            searchable
            data-autofocus
            placeholder={blocks.data?.length === 0 ? 'None is saved yet' : 'Choose one'}
            data={
              blocks.data?.map(({ id: value, name, kind }) => ({ value, label: `${name} · ${kind}` })) ?? []
            }
            value={id}
            onChange={setId}
          />
          {block && (
            <div className="inbox-message" data-direction="out">
              <div className="inbox-bubble">
                <MessageBody message={shownAs(block)} />
              </div>
            </div>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!block}>
              Send
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function shownAs({ id, name, content }: Block): Message {
  return draftMessage({ id, text: name, content: { type: 'interactive', interactive: content } })
}
