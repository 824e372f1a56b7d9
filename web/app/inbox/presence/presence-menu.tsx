import { Button, Menu, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Icon } from '../../ui/icon.tsx'
import { sayCount } from '../../ui/words.ts'
import { usePresence, useSetPresence, type OwnPresence, type Presence } from './use-presence.ts'

const presences: { id: Presence; title: string; words: string; color: string }[] = [
  { id: 'online', title: 'Online', words: 'Conversations may be given to you', color: 'teal.6' },
  { id: 'away', title: 'Away', words: 'Nothing new is given to you', color: 'yellow.6' },
  { id: 'offline', title: 'Offline', words: 'You are not at work', color: 'gray.5' },
]

/** Whether one is there: beside one's name, and for the rules that give conversations away. */
export function PresenceMenu() {
  const client = useQueryClient()
  const own = usePresence()
  const set = useSetPresence()
  const shown = presences.find(({ id }) => id === own?.presence)
  if (!own || !shown) return null
  return (
    <Menu
      position="bottom-end"
      width={250}
      shadow="md"
      onOpen={() => void client.invalidateQueries({ queryKey: ['people', 'presence'] })}
    >
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          loading={set.isPending}
          leftSection={<Dot color={shown.color} />}
          rightSection={<Icon name="down" size={14} />}
          aria-label={`You are ${shown.id}`}
        >
          <Text span size="sm" visibleFrom="sm">
            {shown.title}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{sayLoad(own)}</Menu.Label>
        {presences.map(({ id, title, words, color }) => (
          <Menu.Item
            key={id}
            leftSection={<Dot color={color} />}
            rightSection={id === shown.id && <Icon name="check" size={14} />}
            onClick={() => set.mutate(id)}
          >
            <Text size="sm">{title}</Text>
            <Text size="xs" c="dimmed">
              {words}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function Dot({ color }: { color: string }) {
  return <Text span className="app-presence" c={color} aria-hidden />
}

/** How much one has, and why nothing comes where one said that one is there. */
function sayLoad({ presence, state, open, capacity }: OwnPresence): string {
  const load = `You have ${sayCount(open, 'conversation')}${capacity === null ? '' : ` of ${capacity}`}`
  if (presence !== 'online') return load
  if (state === 'off-hours') return `${load}. These are not your hours`
  return state === 'full' ? `${load}: no more are given to you` : load
}
