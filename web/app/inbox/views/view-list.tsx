import { Badge, NavLink, ScrollArea, Text } from '@mantine/core'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { useInbox } from '../inbox-context.ts'
import { noFilter } from '../use-place.ts'
import { ownViews, useCounts, useSavedViews } from './use-views.ts'

/** Where the conversations are looked at, with how many each place holds. */
export function ViewList({ onChosen }: { onChosen?: () => void }) {
  const saved = useSavedViews()
  return (
    <ScrollArea h="100%" type="auto">
      <nav aria-label="Views">
        {ownViews.map(({ id, title, icon }) => (
          <ViewLink key={id} id={id} title={title} icon={icon} onChosen={onChosen} />
        ))}
        {saved.length > 0 && (
          <Text size="xs" c="dimmed" fw={600} px="sm" pt="sm" pb={4}>
            Saved views
          </Text>
        )}
        {saved.map(({ id, name, query }) => (
          <ViewLink key={id} id={id} title={name} icon="bookmark" query={query} onChosen={onChosen} />
        ))}
      </nav>
    </ScrollArea>
  )
}

interface LinkProps {
  id: string
  title: string
  icon: IconName
  query?: object
  onChosen: (() => void) | undefined
}

/** Where many wait, the number says no more than that. */
const mostShown = 999

function ViewLink({ id, title, icon, query, onChosen }: LinkProps) {
  const { place } = useInbox()
  const count = useCounts()[id] ?? 0
  const isShown = place.filter.view === id
  return (
    <NavLink
      component="button"
      type="button"
      label={title}
      aria-current={isShown ? 'page' : undefined}
      active={isShown}
      leftSection={<Icon name={icon} size={16} />}
      rightSection={
        count > 0 && (
          <Badge size="sm" variant="light" color={id === 'unread' || id === 'mentions' ? 'teal' : 'gray'}>
            {count > mostShown ? `${mostShown}+` : count}
          </Badge>
        )
      }
      onClick={() => {
        place.setFilter({ ...noFilter, ...query, view: id })
        onChosen?.()
      }}
    />
  )
}
