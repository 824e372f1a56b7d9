import { Badge, Button, ColorInput, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type Page } from '../../api/client.ts'
import { usePages } from '../../api/use-pages.ts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Empty, fieldProblem, Loading, ProblemNotice } from '../../ui/states.tsx'

interface Tag {
  id: string
  name: string
  color: string | null
}

const key = ['tags']

/** The words by which chats and messages are labelled. */
export function TagsSection() {
  const [dialog, setDialog] = useState<Tag | 'new'>()
  const tags = usePages([...key, 'list'], (cursor) => api.get<Page<Tag>>('/chat-tags', { cursor, limit: 50 }))
  const add = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setDialog('new')}>
      New tag
    </Button>
  )
  return (
    <>
      <PageTitle title="Tags">{tags.items.length > 0 && add}</PageTitle>
      <Stack gap="sm">
        <ProblemNotice error={tags.error} onRetry={() => void tags.refetch()} />
        {tags.isPending && <Loading what="tags" />}
        {tags.isSuccess && tags.items.length === 0 && (
          <Empty title="No tags yet">
            <Text c="dimmed" ta="center">
              Chats and messages are labelled with tags, and rules give tagged chats to people.
            </Text>
            {add}
          </Empty>
        )}
        {tags.items.length > 0 && (
          <ListTable label="Tags">
            <Table.Tbody>
              {tags.items.map((tag) => (
                <Table.Tr key={tag.id}>
                  <Table.Td>
                    <Badge variant="light" color={tag.color ?? 'gray'}>
                      {tag.name}
                    </Badge>
                  </Table.Td>
                  <Table.Td ta="right">
                    <Button
                      size="xs"
                      variant="default"
                      aria-label={`Change ${tag.name}`}
                      onClick={() => setDialog(tag)}
                    >
                      Change
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={tags} />
      </Stack>
      {dialog && (
        <TagDialog
          key={dialog === 'new' ? '' : dialog.id}
          tag={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  )
}

function TagDialog({ tag, onClose }: { tag: Tag | undefined; onClose(): void }) {
  const [name, setName] = useState(tag?.name ?? '')
  const [color, setColor] = useState(tag?.color ?? '')
  const client = useQueryClient()
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: key })
    onClose()
  }
  const save = useMutation({
    mutationFn: () => {
      const wish = { name, color: color === '' ? null : color }
      return tag ? api.patch(`/chat-tags/${tag.id}`, wish) : api.post('/chat-tags', wish)
    },
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/chat-tags/${tag?.id}`), onSuccess })
  return (
    <Modal opened onClose={onClose} title={tag ? `Change ${tag.name}` : 'New tag'}>
      <Stack>
        <TextInput
          label="Name"
          required
          data-autofocus
          value={name}
          error={fieldProblem(save.error, 'name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ColorInput
          label="Colour"
          value={color}
          error={fieldProblem(save.error, 'color')}
          onChange={setColor}
        />
        <ProblemNotice error={save.error ?? remove.error} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
          {tag && (
            <ConfirmButton
              label="Delete"
              question={`Delete the tag ${tag.name}?`}
              words="It is taken off every chat and message, and rules that name it go with it."
              loading={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  )
}
