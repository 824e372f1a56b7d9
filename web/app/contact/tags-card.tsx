import { TagsInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { Contact } from '../api/shapes.ts'
import { useTags } from '../api/vocabulary.ts'
import { Card } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/states.tsx'

/** Saved with each tag that comes or goes. */
export function TagsCard({ contact: { id, tags } }: { contact: Contact }) {
  const known = useTags()
  const client = useQueryClient()
  const save = useMutation({
    mutationFn: (changed: string[]) => api.patch(`/contacts/${id}`, { tags: changed }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ['contact', id] })
      await client.invalidateQueries({ queryKey: ['tags'] })
    },
  })
  return (
    <Card title="Tags">
      <TagsInput
        aria-label="Tags"
        placeholder="Type a tag and press Enter"
        data={known}
        value={save.isPending ? save.variables : tags}
        onChange={(changed) => save.mutate(changed)}
        disabled={save.isPending}
      />
      <ProblemNotice error={save.error} />
    </Card>
  )
}
