import { Button, Center } from '@mantine/core'

interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage(): Promise<unknown>
}

export function MoreButton({ pages }: { pages: Paged }) {
  if (!pages.hasNextPage) return null
  return (
    <Center py="md">
      <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        Show more
      </Button>
    </Center>
  )
}
