import { Anchor, Button, Group, Paper, Stack, Table, TagsInput, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import { api, type Page } from '../api/client.ts'
import type { Segment } from '../api/shapes.ts'
import { usePages } from '../api/use-pages.ts'
import { Icon } from '../ui/icon.tsx'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo } from '../ui/words.ts'

interface Member {
  contactId: string
  name: string | null
  phone: string | null
  enteredAt: string
}

export function Members({ segment: { id, kind, members: count } }: { segment: Segment }) {
  const [search, setSearch] = useState('')
  const [words] = useDebouncedValue(search.trim(), 250)
  const client = useQueryClient()
  const isStatic = kind === 'static'
  const path = `/segments/${id}`
  const members = usePages(['segments', 'members', id, words, count], (cursor) =>
    api.get<Page<Member>>(`${path}/members`, { search: words, cursor, limit: 50 }),
  )
  const leave = useMutation({
    mutationFn: (contactId: string) => api.post(`${path}/unsubscribe`, { contactIds: [contactId] }),
    onSettled: () => client.invalidateQueries({ queryKey: ['segments'] }),
  })
  return (
    <Stack gap="sm">
      {isStatic && <AddMembers path={path} />}
      <TextInput
        aria-label="Search members"
        placeholder="Name, phone or id"
        type="search"
        leftSection={<Icon name="search" size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={420}
      />
      <ProblemNotice error={members.error ?? leave.error} onRetry={() => void members.refetch()} />
      {members.isPending && <Loading what="members" />}
      {members.items.length > 0 && (
        <MemberTable members={members.items} onRemove={isStatic ? leave.mutate : undefined} />
      )}
      {members.isSuccess && members.items.length === 0 && (
        <Empty title={words ? 'Nobody of that name is in it' : 'Nobody is in it'}>
          {!words && (
            <Text c="dimmed" ta="center">
              {isStatic
                ? 'Add contacts by their phone numbers above, or choose it in an import.'
                : 'Contacts enter as soon as they fit.'}
            </Text>
          )}
        </Empty>
      )}
      <MoreButton pages={members} />
    </Stack>
  )
}

function MemberTable({
  members,
  onRemove,
}: {
  members: Member[]
  onRemove: ((contactId: string) => void) | undefined
}) {
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={300} type="native">
        <Table aria-label="Members">
          <Table.Tbody>
            {members.map(({ contactId, name, phone, enteredAt }) => (
              <Table.Tr key={contactId}>
                <Table.Td>
                  <Anchor component={Link} to={`/contacts/${contactId}`} size="sm">
                    {name ?? phone ?? 'Somebody'}
                  </Anchor>
                </Table.Td>
                <Table.Td>{phone}</Table.Td>
                <Table.Td visibleFrom="sm" c="dimmed">
                  since {sayAgo(enteredAt)}
                </Table.Td>
                {onRemove && (
                  <Table.Td ta="right">
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      color="gray"
                      onClick={() => onRemove(contactId)}
                    >
                      Remove
                    </Button>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  )
}

function AddMembers({ path }: { path: string }) {
  const [waIds, setWaIds] = useState<string[]>([])
  const client = useQueryClient()
  const add = useMutation({
    mutationFn: () => api.post(`${path}/subscribe`, { waIds }),
    onSuccess: async () => {
      setWaIds([])
      await client.invalidateQueries({ queryKey: ['segments'] })
    },
  })
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <TagsInput
          label="Add contacts by phone number"
          placeholder={waIds.length === 0 ? 'Paste or type numbers with country code' : undefined}
          splitChars={[',', ';', ' ', '\n']}
          value={waIds}
          onChange={setWaIds}
          style={{ flex: '1 1 16rem' }}
          maw={560}
        />
        <Button disabled={waIds.length === 0} loading={add.isPending} onClick={() => add.mutate()}>
          Add
        </Button>
      </Group>
      <ProblemNotice error={add.error} />
    </Stack>
  )
}
