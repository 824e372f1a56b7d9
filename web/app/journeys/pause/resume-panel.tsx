import { Button, Group, Stack, Text } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api/client.ts'
import type { Backlog, Operation } from '../../api/operation-shapes.ts'
import { Examples } from '../../stuck/preview-card.tsx'
import { Counts } from '../../ui/counts.tsx'
import { Loading, ProblemNotice } from '../../ui/states.tsx'
import { sayCount, sayTime } from '../../ui/words.ts'
import { BacklogFields, toResumption, usualBacklog } from './backlog-fields.tsx'

interface Props {
  /** Of the journey or the contact. */
  path: string
  what: 'journey' | 'contact'
  /** Where those who stand still may go on; of a contact's journeys there is no common one. */
  cards: string[]
  onResumed(operationId: string): void
}

/** What has piled up at the pause, and how it is let go. */
export function ResumePanel({ path, what, cards, onResumed }: Props) {
  const [wish, setWish] = useState(usualBacklog)
  const client = useQueryClient()
  const { how, hours } = wish
  const plan = how === 'spread' || how === 'drop-older-than' ? { how, hours } : { how: 'all' }
  const backlog = useQuery({
    queryKey: ['backlog', path, plan],
    queryFn: () => api.get<{ backlog: Backlog }>(`${path}/backlog`, plan),
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
  })
  const resume = useMutation({
    mutationFn: () => api.post<{ operation: Operation }>(`${path}/resume`, toResumption(wish)),
    onSuccess: async ({ operation }) => {
      onResumed(operation.id)
      await client.invalidateQueries({ queryKey: [what === 'journey' ? 'journeys' : 'contact'] })
    },
  })
  return (
    <Stack>
      <ProblemNotice error={backlog.error} />
      {backlog.isPending && <Loading what="the backlog" />}
      {backlog.data && <Piled backlog={backlog.data.backlog} />}
      <BacklogFields cards={cards} value={wish} onChange={setWish} error={resume.error ?? backlog.error} />
      <ProblemNotice error={resume.error} />
      <Group justify="flex-end">
        <Button loading={resume.isPending} onClick={() => resume.mutate()}>
          Resume the {what}
        </Button>
      </Group>
    </Stack>
  )
}

function Piled({ backlog }: { backlog: Backlog }) {
  const { standing, contacts, queued, overdueMessages, oldestDueAt, olderThan, comingSoon } = backlog
  const old = olderThan.filter((each) => each.standing + each.queued > 0)
  return (
    <Stack gap="xs" component="section" aria-label="Backlog" className="app-group">
      <Counts
        counts={[
          ['runs stand still', standing],
          ['contacts', contacts],
          ['wait at the door', queued],
          ['messages at once', overdueMessages],
        ]}
      />
      <Text size="sm">
        {sayCount(comingSoon, 'more run', 'more runs')} would come to stand there within a day.
        {oldestDueAt && ` The oldest has been due since ${sayTime(oldestDueAt)}.`}
      </Text>
      {old.map((each) => (
        <Text key={each.hours} size="sm" c="dimmed">
          Due for more than {sayCount(each.hours, 'hour')}: {sayCount(each.standing, 'run')}, {each.queued} at
          the door
        </Text>
      ))}
      <Examples groups={backlog.groups} />
    </Stack>
  )
}
