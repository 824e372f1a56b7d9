import { ActionIcon, Button, Group as Row, Menu, SegmentedControl, Stack, Text } from '@mantine/core'
import { useContext } from 'react'
import type { Condition } from '../../../src/model/conditions.ts'
import { Icon } from '../ui/icon.tsx'
import { isGroup, partKinds, startPart, startVariable, type Group, type PartKind } from './edit-condition.ts'
import { PartEditor } from './part-editor.tsx'
import { VariableChoices } from './variable-choices.ts'

interface Props {
  value: Group
  onChange(value: Group): void
  /** How deep the group stands: three levels say what people mean. */
  depth?: number
  onRemove?(): void
}

/** And/or groups of conditions, for filters and segments alike. */
export function ConditionBuilder({ value, onChange, depth = 0, onRemove }: Props) {
  const { conditions } = value
  const replace = (at: number, child: Condition) =>
    onChange({ ...value, conditions: conditions.with(at, child) })
  const remove = (at: number) => onChange({ ...value, conditions: conditions.toSpliced(at, 1) })
  const add = (child: Condition) => onChange({ ...value, conditions: [...conditions, child] })
  return (
    <Stack
      gap="xs"
      className="app-group"
      role="group"
      aria-label={value.kind === 'and' ? 'All of' : 'Any of'}
    >
      <Row justify="space-between">
        <Row gap="xs">
          <Text size="sm">Contacts who fit</Text>
          <SegmentedControl
            size="xs"
            aria-label="How the conditions are joined"
            value={value.kind}
            data={[
              { value: 'and', label: 'all of' },
              { value: 'or', label: 'any of' },
            ]}
            onChange={(kind) => onChange({ ...value, kind })}
          />
        </Row>
        {onRemove && <RemoveButton label="Remove the group" onClick={onRemove} />}
      </Row>
      {conditions.map((child, at) =>
        isGroup(child) ? (
          <ConditionBuilder
            key={at}
            value={child}
            depth={depth + 1}
            onChange={(changed) => replace(at, changed)}
            onRemove={() => remove(at)}
          />
        ) : (
          <Row key={at} gap="xs" align="flex-start" wrap="nowrap" justify="space-between">
            <PartEditor value={child} onChange={(changed) => replace(at, changed)} />
            <RemoveButton label="Remove the condition" onClick={() => remove(at)} />
          </Row>
        ),
      )}
      <AddMenu onAdd={add} mayGroup={depth < 2} />
    </Stack>
  )
}

function AddMenu({ onAdd, mayGroup }: { onAdd(condition: Condition): void; mayGroup: boolean }) {
  const variables = useContext(VariableChoices)
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          size="xs"
          variant="light"
          leftSection={<Icon name="plus" size={14} />}
          style={{ alignSelf: 'flex-start' }}
        >
          Add condition
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {Object.entries(partKinds).map(([kind, label]) => (
          <Menu.Item key={kind} onClick={() => onAdd(startPart(kind as PartKind))}>
            {label}
          </Menu.Item>
        ))}
        {variables && <Menu.Item onClick={() => onAdd(startVariable())}>Variable, event or answer</Menu.Item>}
        {mayGroup && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => onAdd({ kind: 'or', conditions: [] })}>A group of conditions</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function RemoveButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onClick} mt={4}>
      <Icon name="close" size={16} />
    </ActionIcon>
  )
}
