import { Anchor, Button, Group, Input, Select, Stack } from '@mantine/core'
import type { DraftCard, Outlet } from '../../api/journey-shapes.ts'
import type { Place } from './edit-draft.ts'
import type { Flow } from './flow-model.ts'
import { nameOf } from './way-box.tsx'

interface Props {
  flow: Flow
  id: string
  card: DraftCard
  outlets: Outlet[]
  onChange(next: DraftCard['next']): void
  onOpen(id: string): void
  onAdd?: ((place: Place) => void) | undefined
}

/** Where each way out leads: to a card that is there, to a new one, or nowhere. */
export function CardWays({ flow, id, card, outlets, onChange, onOpen, onAdd }: Props) {
  if (outlets.length === 0) return null
  const cards = flow.ids.map((value) => ({ value, label: nameOf(flow, value) }))
  return (
    <Input.Wrapper
      label="Ways out"
      description="Without a card the run ends there, having failed it waits for you"
    >
      <Stack gap="xs" mt={6}>
        {outlets.map(({ id: outlet, label }) => {
          const target = card.next[outlet] ?? null
          return (
            <Group key={outlet} gap="xs" align="flex-end">
              <Select
                label={label}
                placeholder="ends here"
                clearable
                searchable
                data={cards}
                value={target}
                onChange={(chosen) => onChange({ ...card.next, [outlet]: chosen })}
                style={{ flex: '1 1 12rem' }}
              />
              {target !== null && (
                <Anchor component="button" type="button" size="sm" mb={8} onClick={() => onOpen(target)}>
                  Open
                </Anchor>
              )}
              {onAdd && (
                <Button
                  variant="light"
                  aria-label={`Add a card after ${label}`}
                  onClick={() => onAdd({ after: id, outlet })}
                >
                  Add a card
                </Button>
              )}
            </Group>
          )
        })}
      </Stack>
    </Input.Wrapper>
  )
}
