import { Button } from '@mantine/core'

export function RemoveButton({ what, onClick }: { what: string; onClick(): void }) {
  return (
    <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Remove ${what}`} onClick={onClick}>
      Remove
    </Button>
  )
}
