import { Stack } from '@mantine/core'
import { PageTitle } from '../../ui/page-title.tsx'
import { AssignmentRules } from './assignment-rules.tsx'
import { EngineCard } from './engine-card.tsx'
import { TagRules } from './tag-rules.tsx'

/** Who gets a chat. */
export function RulesSection() {
  return (
    <>
      <PageTitle title="Who gets a chat" />
      <Stack>
        <TagRules />
        <AssignmentRules />
        <EngineCard />
      </Stack>
    </>
  )
}
