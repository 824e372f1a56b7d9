import { ActionIcon, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, getAll } from '../../api/client.ts'
import type { AssignmentRule } from '../../api/rule-shapes.ts'
import { Card } from '../../ui/card.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { AssignmentRuleDialog } from './assignment-rule-dialog.tsx'

const key = ['assignment-rules']

/** Ordered conditions: who gets a chat that nobody has, when no journey answers it. */
export function AssignmentRules() {
  const [dialog, setDialog] = useState<AssignmentRule | 'new'>()
  const client = useQueryClient()
  const rules = useQuery({ queryKey: key, queryFn: () => getAll<AssignmentRule>('/assignment-rules') })
  const order = useMutation({
    mutationFn: (ids: string[]) => api.put('/assignment-rules/order', { ids }),
    onSuccess: () => client.invalidateQueries({ queryKey: key }),
  })
  const list = rules.data ?? []
  const move = (at: number, by: number) => {
    const ids = list.map(({ id }) => id)
    const [moved = ''] = ids.splice(at, 1)
    order.mutate(ids.toSpliced(at + by, 0, moved))
  }
  return (
    <Card
      title="Everything else"
      action={
        <Button size="xs" variant="default" onClick={() => setDialog('new')}>
          Add an assignment rule
        </Button>
      }
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          Looked at in this order when a customer writes, nobody has the chat and no journey answers. The
          first that fits decides.
        </Text>
        <ProblemNotice error={rules.error ?? order.error} onRetry={() => void rules.refetch()} />
        {list.map((rule, at) => (
          <RuleLine
            key={rule.id}
            rule={rule}
            isFirst={at === 0}
            isLast={at === list.length - 1}
            onMove={(by) => move(at, by)}
            onOpen={() => setDialog(rule)}
          />
        ))}
      </Stack>
      {dialog && (
        <AssignmentRuleDialog
          key={dialog === 'new' ? '' : dialog.id}
          rule={dialog === 'new' ? undefined : dialog}
          onClose={() => setDialog(undefined)}
          onDone={() => client.invalidateQueries({ queryKey: key })}
        />
      )}
    </Card>
  )
}

interface LineProps {
  rule: AssignmentRule
  isFirst: boolean
  isLast: boolean
  onMove(by: number): void
  onOpen(): void
}

function RuleLine({ rule, isFirst, isLast, onMove, onOpen }: LineProps) {
  return (
    <Group className="app-group" justify="space-between" wrap="nowrap">
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {rule.name}
        </Text>
        {!rule.enabled && (
          <Badge variant="light" color="gray">
            off
          </Badge>
        )}
      </Group>
      <Group gap={4} wrap="nowrap">
        <MoveButton rule={rule} name="up" isOff={isFirst} onClick={() => onMove(-1)} />
        <MoveButton rule={rule} name="down" isOff={isLast} onClick={() => onMove(1)} />
        <Button size="xs" variant="default" aria-label={`Change ${rule.name}`} onClick={onOpen}>
          Change
        </Button>
      </Group>
    </Group>
  )
}

interface MoveProps {
  rule: AssignmentRule
  name: 'up' | 'down'
  isOff: boolean
  onClick(): void
}

function MoveButton({ rule, name, isOff, onClick }: MoveProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={`Move ${rule.name} ${name}`}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={name} size={16} />
    </ActionIcon>
  )
}
