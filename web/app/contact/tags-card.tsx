import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import type { Contact } from '../api/shapes.ts'
import { Card } from '../ui/card.tsx'
import { ProblemNotice } from '../ui/states.tsx'
import { TagPicker } from '../ui/tag-picker.tsx'

/** Saved with each tag that comes or goes. */
export function TagsCard({ contact: { id, tags } }: { contact: Contact }) {
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
      <TagPicker
        label="Tags"
        isLabelHidden
        value={save.isPending ? save.variables : tags}
        onChange={save.mutate}
        disabled={save.isPending}
      />
      <ProblemNotice error={save.error} />
    </Card>
  )
}
