import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { InstantInput } from '../../forms/instant-input.tsx'
import { sayTime } from '../../ui/words.ts'
import { useDeed } from '../use-deeds.ts'
import { useNow } from '../use-now.ts'

interface Props {
  ids: string[]
  onClose(): void
  onDone?: () => void
}

/** Out of sight until a time, or until the customer writes, whichever is first. */
export function SnoozeDialog({ ids, onClose, onDone }: Props) {
  const [at, setAt] = useState<string>()
  const nowMs = useNow()
  const deed = useDeed()
  const snooze = (snoozedUntil: string | null) =>
    deed.mutate(
      { ids, deed: { type: 'status', status: 'snoozed', snoozedUntil } },
      {
        onSuccess: () => {
          onDone?.()
          onClose()
        },
      },
    )
  const isPast = at !== undefined && Date.parse(at) <= nowMs
  return (
    <Modal opened onClose={onClose} title="Snooze until">
      <Stack gap="xs">
        {choicesOf(new Date(nowMs)).map(({ words, until }) => (
          <Button
            key={words}
            variant="default"
            justify="space-between"
            rightSection={until && <span className="app-muted">{sayTime(until)}</span>}
            disabled={deed.isPending}
            onClick={() => snooze(until)}
          >
            {words}
          </Button>
        ))}
        <Group align="flex-end" gap="xs">
          <InstantInput
            label="Another time"
            value={at}
            error={isPast ? 'is over already' : undefined}
            onChange={setAt}
          />
          <Button disabled={!at || isPast} loading={deed.isPending} onClick={() => at && snooze(at)}>
            Snooze
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function choicesOf(now: Date): { words: string; until: string | null }[] {
  const at = (days: number, hour: number) => {
    const day = new Date(now)
    day.setDate(day.getDate() + days)
    day.setHours(hour, 0, 0, 0)
    return day.toISOString()
  }
  const untilMonday = (8 - now.getDay()) % 7 || 7
  return [
    { words: 'In an hour', until: new Date(now.getTime() + 3_600_000).toISOString() },
    ...(now.getHours() < 17 ? [{ words: 'This evening', until: at(0, 18) }] : []),
    { words: 'Tomorrow morning', until: at(1, 9) },
    { words: 'Next Monday', until: at(untilMonday, 9) },
    { words: 'Until the customer writes', until: null },
  ]
}
