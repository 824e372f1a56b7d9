import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { api } from '../api/client.ts'
import type { Contact } from '../api/shapes.ts'
import { fieldProblem, ProblemNotice } from '../ui/states.tsx'
import { TagPicker } from '../ui/tag-picker.tsx'

const fields = [
  { name: 'waId', label: 'Phone', description: 'with country code, e.g. +49 170 1234567', type: 'tel' },
  { name: 'name', label: 'Name', type: 'text' },
  { name: 'email', label: 'E-mail', type: 'email' },
  {
    name: 'externalId',
    label: 'External id',
    description: 'of your own system; phone or this is needed',
    type: 'text',
  },
] as const

export function CreateContact({ opened, onClose }: { opened: boolean; onClose(): void }) {
  const [values, setValues] = useState<Record<string, string>>({})
  const [tags, setTags] = useState<string[]>([])
  const client = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: () => {
      const given = Object.entries(values).flatMap(([name, value]) =>
        value.trim() ? [[name, value.trim()]] : [],
      )
      return api.post<Contact>('/contacts', {
        ...Object.fromEntries(given),
        ...(tags.length > 0 && { tags }),
      })
    },
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['contacts'] })
      await navigate(`/contacts/${id}`)
    },
  })
  return (
    <Modal opened={opened} onClose={onClose} title="New contact">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <Stack>
          <ProblemNotice error={create.error} />
          {fields.map(({ name, ...input }, at) => (
            <TextInput
              key={name}
              {...input}
              data-autofocus={at === 0 || undefined}
              value={values[name] ?? ''}
              onChange={({ currentTarget: { value } }) => setValues({ ...values, [name]: value })}
              error={fieldProblem(create.error, name)}
            />
          ))}
          <TagPicker
            label="Tags"
            value={tags}
            onChange={setTags}
            error={fieldProblem(create.error, 'tags')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
