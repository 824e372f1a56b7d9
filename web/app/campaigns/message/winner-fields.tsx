import { Checkbox, Group, Select, Stack } from '@mantine/core'
import type { CampaignDefinition } from '../../../../src/model/campaign-definition.ts'
import { Card } from '../../ui/card.tsx'
import { DurationInput } from '../../forms/duration-input.tsx'
import { ShareInput } from '../../forms/share-input.tsx'
import { useComposer } from '../composer/composer-context.ts'

type Winner = NonNullable<CampaignDefinition['winner']>
const start: Winner = { by: 'read', share: 0.2, after: { amount: 4, unit: 'hours' } }

/** A part of the audience tries the variants; the rest gets the one that did best. */
export function WinnerFields() {
  const { draft, change, problemAt } = useComposer()
  const { winner } = draft
  const set = (part: Partial<Winner>) => change({ winner: { ...start, ...winner, ...part } })
  return (
    <Card title="Winner">
      <Stack gap="sm">
        <Checkbox
          label="Try them with a part of the audience first, and send the rest the best one"
          description="else everybody gets one of them at once"
          checked={winner !== undefined}
          error={problemAt('winner')}
          onChange={(event) => change({ winner: event.currentTarget.checked ? start : undefined })}
        />
        {winner && (
          <Group align="flex-start" gap="sm">
            <ShareInput
              label="Part that tries, percent"
              min={1}
              max={90}
              value={winner.share}
              error={problemAt('winner.share')}
              onChange={(share) => set({ share })}
              w={190}
            />
            <Select
              label="Best is what was most"
              allowDeselect={false}
              data={['delivered', 'read', 'clicked', 'replied', 'converted']}
              value={winner.by}
              error={problemAt('winner.by')}
              onChange={(by) => set({ by: by ?? 'read' })}
              w={190}
            />
            <DurationInput
              label="Decided after"
              value={winner.after}
              error={problemAt('winner.after')}
              onChange={(after) => set({ after })}
            />
          </Group>
        )}
      </Stack>
    </Card>
  )
}
