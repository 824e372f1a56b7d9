import { Button } from '@mantine/core'
import { useState } from 'react'
import { Timeline } from '../../contact/timeline.tsx'
import { Card } from '../../ui/card.tsx'

/** Everything that happened to the customer, each with its cause. */
export function WhyCard({ contactId }: { contactId: string }) {
  const [isShown, setShown] = useState(false)
  const toggle = (
    <Button size="xs" variant="light" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
      {isShown ? 'Hide' : 'Show'}
    </Button>
  )
  return (
    <Card title="What happened, and why" action={toggle}>
      {isShown && <Timeline contactId={contactId} />}
    </Card>
  )
}
