import { List, Stack, Text } from '@mantine/core'
import { Card } from '../../ui/card.tsx'
import { ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayNumber } from '../../ui/words.ts'
import { sayReason } from '../campaign-words.ts'
import { useComposer } from './composer-context.ts'

/** How many get it as things are now, and who of the audience does not, and why. */
export function AudienceSize() {
  const { check, checkError, isChecked } = useComposer()
  const estimate = check?.estimate
  return (
    <Card title="How many">
      <ProblemNotice error={checkError} />
      {!check && !checkError && <Text size="sm">Counting …</Text>}
      {check && !estimate && (
        <Text size="sm" c="dimmed">
          How many people that are is counted as soon as you say who gets it.
        </Text>
      )}
      {estimate && (
        <Stack gap={4} style={{ opacity: isChecked ? 1 : 0.6 }}>
          <Text fw={600} role="status">
            {sayCount(estimate.intended, 'person gets it', 'people get it')}
          </Text>
          {Object.keys(estimate.skipped).length > 0 && (
            <>
              <Text size="sm">{sayNumber(estimate.audience)} are meant; left out of them are people who</Text>
              <List size="sm" aria-label="Left out">
                {Object.entries(estimate.skipped).map(([reason, count]) => (
                  <List.Item key={reason}>
                    {sayReason(reason)}: {sayNumber(count)}
                  </List.Item>
                ))}
              </List>
            </>
          )}
          <Text size="sm" c="dimmed">
            It is looked up anew when the campaign begins.
          </Text>
        </Stack>
      )}
    </Card>
  )
}
