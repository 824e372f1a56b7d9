import { Badge, Button, CloseButton, Group, Modal, Stack, TagsInput, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../../api/client.ts'
import type { Label, Message } from '../../api/inbox-shapes.ts'
import { ProblemNotice } from '../../ui/states.tsx'
import { labelColor } from '../label-color.ts'

type Tag = Label & { id: string }
interface Tagging {
  id: string
  messageId: string | null
  tag: Tag
}

/** What one message is about; its conversation is labelled so too. */
export function MessageLabelDialog({ message, onClose }: { message: Message; onClose(): void }) {
  const { taggings, tags, add, remove } = useTaggings(message)
  const [names, setNames] = useState<string[]>([])
  return (
    <Modal opened onClose={onClose} title="Label this message">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add.mutate(names, { onSuccess: onClose })
        }}
      >
        <Stack>
          <Text size="sm" lineClamp={3} className="app-pre">
            {message.text}
          </Text>
          <ProblemNotice error={add.error ?? remove.error ?? taggings.error} />
          <Group gap={6}>
            {taggings.data?.map(({ id, tag: { name, color } }) => (
              <Badge
                key={id}
                variant="dot"
                color={labelColor(name, color)}
                rightSection={
                  <CloseButton size="xs" aria-label={`Take ${name} away`} onClick={() => remove.mutate(id)} />
                }
              >
                {name}
              </Badge>
            ))}
          </Group>
          <TagsInput
            label="Labels to add"
            placeholder="Type a label and press Enter"
            data-autofocus
            data={tags.map(({ name }) => name)}
            value={names}
            onChange={setNames}
            acceptValueOnBlur
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={add.isPending} disabled={names.length === 0}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function useTaggings({ id, conversationId }: Message) {
  const client = useQueryClient()
  const queryKey = ['taggings', id]
  const path = `/messages/${id}/taggings`
  const { data: tags = [] } = useQuery({ queryKey: ['labels'], queryFn: () => getAll<Tag>('/chat-tags') })
  const taggings = useQuery({
    queryKey,
    queryFn: () => getAll<Tagging>(`/conversations/${conversationId}/taggings`),
    select: (all) => all.filter(({ messageId }) => messageId === id),
  })
  const refresh = async () => {
    await Promise.all(
      [['inbox'], ['labels'], queryKey].map((key) => client.invalidateQueries({ queryKey: key })),
    )
  }
  const tagWith = async (name: string) => {
    const tag = tags.find((each) => each.name === name) ?? (await api.post<Tag>('/chat-tags', { name }))
    await api.post(path, { tagId: tag.id })
  }
  const add = useMutation({
    mutationFn: async (names: string[]) => {
      for (const name of names) await tagWith(name)
    },
    onSettled: refresh,
  })
  const remove = useMutation({
    mutationFn: (tagging: string) => api.delete(`${path}/${tagging}`),
    onSettled: refresh,
  })
  return { taggings, tags, add, remove }
}
