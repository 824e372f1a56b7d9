import { List, Stack, Text } from '@mantine/core'
import type { BulkPreview } from '../api/operation-shapes.ts'
import { Counts } from '../ui/counts.tsx'
import { sayCount } from '../ui/words.ts'

/** What an operation would do, with an example of each group of runs. */
export function PreviewCard({ preview }: { preview: BulkPreview }) {
  const { count, foreseenSends, horizonMinutes, takesMinutes, groups } = preview
  return (
    <Stack gap="xs" component="section" aria-label="What would happen" className="app-group">
      <Counts
        counts={[
          ['runs', count],
          [`messages in ${horizonMinutes} minutes`, foreseenSends],
          ['takes', sayCount(Math.max(1, Math.ceil(takesMinutes)), 'minute')],
        ]}
      />
      <Examples groups={groups} />
    </Stack>
  )
}

/** What becomes of one run of each group. */
export function Examples({ groups }: Pick<BulkPreview, 'groups'>) {
  return (
    <List size="sm">
      {groups.map(({ exampleRunId, count, version, cardId, goesOnAt, sends, refusal }) => (
        <List.Item key={exampleRunId}>
          {sayCount(count, 'run')} of version {version}
          {cardId && ` at ${cardId}`}: {goesOnAt ? `on at ${goesOnAt}` : 'to the end'}
          {sends.map(({ cardId: from, text }, at) => (
            <Text key={at} size="sm" c="dimmed">
              sends “{text}” ({from})
            </Text>
          ))}
          {refusal && (
            <Text size="sm" c="red">
              {refusal}
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  )
}
