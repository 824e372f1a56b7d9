import { Button, Group, Modal, Select, Stack, Table, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll, type Page } from '../../api/client.ts'
import type { Team, User } from '../../api/people-shapes.ts'
import type { TagRule } from '../../api/rule-shapes.ts'
import { usePages } from '../../api/use-pages.ts'
import { Card } from '../../ui/card.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { DialogFooter } from '../../ui/dialog-footer.tsx'
import { ListTable } from '../../ui/list-table.tsx'
import { MoreButton } from '../../ui/more-button.tsx'
import { fieldProblem, ProblemNotice } from '../../ui/states.tsx'

const key = ['tag-rules']
const fresh = 'fresh'

/** The default rules: who gets a fresh chat, or one that is tagged. */
export function TagRules() {
  const [dialog, setDialog] = useState<TagRule | 'new'>()
  const rules = usePages(key, (cursor) => api.get<Page<TagRule>>('/tag-rules', { cursor, limit: 50 }))
  return (
    <Card
      title="Fresh chats and tags"
      action={
        <Button size="xs" variant="default" onClick={() => setDialog('new')}>
          Add a rule
        </Button>
      }
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          The first rule that fits counts. A program that gets a chat holds it: no journey answers until it
          hands the chat on.
        </Text>
        <ProblemNotice error={rules.error} onRetry={() => void rules.refetch()} />
        {rules.items.length > 0 && (
          <ListTable label="Fresh chats and tags">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>When</Table.Th>
                <Table.Th>Who gets the chat</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rules.items.map((rule) => (
                <Table.Tr key={rule.id}>
                  <Table.Td>
                    {rule.tag ? `tagged “${rule.tag.name}”` : 'a customer writes, nobody has it'}
                  </Table.Td>
                  <Table.Td>{sayTarget(rule)}</Table.Td>
                  <Table.Td ta="right">
                    <Button size="xs" variant="default" onClick={() => setDialog(rule)}>
                      Change
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </ListTable>
        )}
        <MoreButton pages={rules} />
      </Stack>
      {dialog && (
        <RuleDialog
          key={dialog === 'new' ? '' : dialog.id}
          rule={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
        />
      )}
    </Card>
  )
}

function sayTarget({ user, group, method }: TagRule): string {
  if (user) return user.name
  const how = method === 'round_robin' ? 'its members in turn' : 'its members decide'
  return `the team ${group?.name ?? ''}, ${how}`
}

function RuleDialog({ rule, onClose }: { rule: TagRule | undefined; onClose(): void }) {
  const [when, setWhen] = useState(rule?.tag?.id ?? fresh)
  const [target, setTarget] = useState(
    rule?.user ? `user ${rule.user.id}` : rule?.group ? `group ${rule.group.id}` : '',
  )
  const [method, setMethod] = useState(rule?.method ?? 'round_robin')
  const client = useQueryClient()
  const onSuccess = async () => {
    await client.invalidateQueries({ queryKey: key })
    onClose()
  }
  const save = useMutation({
    mutationFn: () => {
      const [kind, id = null] = target.split(' ')
      const isGroup = kind === 'group'
      const wish = {
        ...{ tagId: when === fresh ? null : when, userId: isGroup ? null : id, groupId: isGroup ? id : null },
        method: isGroup ? method : null,
      }
      return rule ? api.patch(`/tag-rules/${rule.id}`, wish) : api.post('/tag-rules', wish)
    },
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => api.delete(`/tag-rules/${rule?.id}`), onSuccess })
  return (
    <Modal opened onClose={onClose} title={rule ? 'Change the rule' : 'New rule'}>
      <Stack>
        <When value={when} onChange={setWhen} error={save.error} />
        <Target value={target} onChange={setTarget} error={save.error} />
        {target.startsWith('group') && (
          <Select
            label="How"
            allowDeselect={false}
            data={[
              { value: 'round_robin', label: 'its members in turn' },
              { value: 'let_group_decide', label: 'its members decide who takes it' },
            ]}
            value={method}
            onChange={(given) => setMethod(given === 'let_group_decide' ? given : 'round_robin')}
          />
        )}
        <ProblemNotice error={save.error ?? remove.error} />
        <DialogFooter isSaving={save.isPending} onSave={() => save.mutate()} onClose={onClose}>
          {rule && (
            <ConfirmButton
              label="Delete"
              question="Delete this rule?"
              words="Chats that it gave away stay with whoever has them."
              loading={remove.isPending}
              onConfirm={() => remove.mutate()}
            />
          )}
        </DialogFooter>
      </Stack>
    </Modal>
  )
}

interface FieldProps {
  value: string
  onChange(value: string): void
  error: unknown
}

function When({ value, onChange, error }: FieldProps) {
  const tags = useQuery({
    queryKey: ['tags', 'all'],
    queryFn: () => getAll<{ id: string; name: string }>('/chat-tags'),
  })
  return (
    <Select
      label="When"
      allowDeselect={false}
      searchable
      data={[
        { value: fresh, label: 'a customer writes and nobody has the chat' },
        ...(tags.data ?? []).map(({ id, name }) => ({ value: id, label: `tagged “${name}”` })),
      ]}
      value={value}
      error={fieldProblem(error, 'tagId')}
      onChange={(given) => onChange(given ?? fresh)}
    />
  )
}

function Target({ value, onChange, error }: FieldProps) {
  const users = useQuery({ queryKey: ['users', 'all'], queryFn: () => getAll<User>('/users') })
  const teams = useQuery({ queryKey: ['groups', 'all'], queryFn: () => getAll<Team>('/groups') })
  return (
    <Group>
      <Select
        label="Who gets it"
        required
        searchable
        style={{ flex: 1 }}
        data={[
          {
            group: 'Teams',
            items: (teams.data ?? []).map(({ id, name }) => ({ value: `group ${id}`, label: name })),
          },
          {
            group: 'People and programs',
            items: (users.data ?? []).map(({ id, name }) => ({ value: `user ${id}`, label: name })),
          },
        ]}
        value={value || null}
        error={fieldProblem(error, 'userId') ?? fieldProblem(error, 'groupId')}
        onChange={(given) => onChange(given ?? '')}
      />
    </Group>
  )
}
