import { Alert, Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from 'react-router'
import { api } from '../api/client.ts'
import type { Segment } from '../api/shapes.ts'
import { DeleteDialog } from '../ui/delete-dialog.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Loading, ProblemNotice } from '../ui/states.tsx'
import { sayAgo, sayCount } from '../ui/words.ts'
import { EditSegment } from './edit-segment.tsx'
import { Members } from './members.tsx'
import { KindBadge } from './segments-page.tsx'

export function SegmentPage() {
  const { id = '' } = useParams()
  const segment = useQuery({
    queryKey: ['segments', 'one', id],
    queryFn: () => api.get<Segment>(`/segments/${id}`),
    // Until the members of a new condition are found.
    refetchInterval: ({ state: { data } }) => (data?.kind === 'live' && !data.evaluatedAt ? 1_000 : false),
  })
  if (segment.isPending) return <Loading what="the segment" />
  if (segment.error) return <ProblemNotice error={segment.error} onRetry={() => void segment.refetch()} />
  return <Shown key={id} segment={segment.data} />
}

function Shown({ segment }: { segment: Segment }) {
  const [isEditing, edit] = useDisclosure(false)
  const [isDeleting, ask] = useDisclosure(false)
  const isFilling = segment.kind === 'live' && !segment.evaluatedAt
  return (
    <>
      <Anchor component={Link} to="/segments" size="sm">
        ← Segments
      </Anchor>
      <PageTitle title={segment.name}>
        <Button variant="default" onClick={edit.toggle} aria-expanded={isEditing}>
          Edit
        </Button>
        <Button variant="default" onClick={ask.open}>
          Delete
        </Button>
      </PageTitle>
      <Stack>
        <Group gap="sm">
          <KindBadge segment={segment} />
          <Text size="sm">{sayCount(segment.members, 'member')}</Text>
          {segment.evaluatedAt && (
            <Text size="sm" c="dimmed">
              up to date since {sayAgo(segment.evaluatedAt)}
            </Text>
          )}
        </Group>
        {isFilling && <Alert>The members are being found. Nobody is sent anything for that.</Alert>}
        {isEditing && (
          <Paper withBorder p="md">
            <EditSegment segment={segment} onDone={edit.close} />
          </Paper>
        )}
        <Members segment={segment} />
      </Stack>
      {isDeleting && <Delete segment={segment} onClose={ask.close} />}
    </>
  )
}

function Delete({ segment, onClose }: { segment: Segment; onClose(): void }) {
  const client = useQueryClient()
  const navigate = useNavigate()
  return (
    <DeleteDialog
      name={segment.name}
      // Segments and journeys that use it are named in the refusal.
      onDelete={() => api.delete(`/segments/${segment.id}`)}
      onDeleted={async () => {
        await navigate('/segments')
        await client.invalidateQueries({
          queryKey: ['segments'],
          predicate: ({ queryKey }) => queryKey[1] !== 'one',
        })
        await client.invalidateQueries({ queryKey: ['segment-names'] })
      }}
      onClose={onClose}
    >
      <Text>Its contacts stay. Who was in it when stays in their histories.</Text>
    </DeleteDialog>
  )
}
