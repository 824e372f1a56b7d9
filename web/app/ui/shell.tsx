import {
  ActionIcon,
  AppShell,
  Burger,
  Button,
  Group,
  NavLink,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from 'react-router'
import { signOut, type Session } from '../api/session.ts'
import { LiveConnection } from '../inbox/live/live.tsx'
import { NoticesMenu } from '../inbox/live/notices-menu.tsx'
import { NextButton } from '../inbox/presence/next-button.tsx'
import { PresenceMenu } from '../inbox/presence/presence-menu.tsx'
import { Icon, type IconName } from './icon.tsx'

const places: { to: string; title: string; icon: IconName }[] = [
  { to: '/inbox', title: 'Inbox', icon: 'inbox' },
  { to: '/contacts', title: 'Contacts', icon: 'contacts' },
  { to: '/segments', title: 'Segments', icon: 'segments' },
  { to: '/imports', title: 'Imports', icon: 'imports' },
  { to: '/campaigns', title: 'Campaigns', icon: 'campaigns' },
  { to: '/journeys', title: 'Journeys', icon: 'journeys' },
  { to: '/stuck', title: 'Stuck runs', icon: 'stuck' },
  { to: '/rate-cards', title: 'Rate cards', icon: 'prices' },
  { to: '/numbers', title: 'Numbers', icon: 'numbers' },
  { to: '/settings', title: 'Settings', icon: 'settings' },
]

/** What stands around every screen. The inbox wants its width: beside it there are signs only. */
export function Shell({ session }: { session: Session }) {
  const [isOpen, { toggle, close }] = useDisclosure(false)
  const { pathname } = useLocation()
  const isInbox = pathname.startsWith('/inbox')
  return (
    <LiveConnection me={session.actor.id}>
      <AppShell
        header={{ height: 56 }}
        navbar={{
          width: { base: 210, sm: isInbox ? 58 : 210 },
          breakpoint: 'sm',
          collapsed: { mobile: !isOpen },
        }}
        padding={isInbox ? 0 : 'md'}
      >
        <AppShell.Header>
          <Group h="100%" px="md" justify="space-between" wrap="nowrap">
            <Group gap="sm" wrap="nowrap">
              <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Menu" />
              <Link to="/inbox" className="app-mark">
                <img src="/landing/icon.svg" alt="" width="28" height="28" />
                Dripline
              </Link>
            </Group>
            <Who session={session} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar
          p="xs"
          aria-label="Screens"
          data-narrow={isInbox || undefined}
          className="app-places"
        >
          {places.map(({ to, title, icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={title}
              title={isInbox ? title : undefined}
              leftSection={<Icon name={icon} />}
              active={pathname.startsWith(to)}
              onClick={close}
            />
          ))}
        </AppShell.Navbar>
        <AppShell.Main>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </LiveConnection>
  )
}

function Who({ session: { name, actor } }: { session: Session }) {
  const { setColorScheme } = useMantineColorScheme()
  const isDark = useComputedColorScheme('light') === 'dark'
  const leave = useMutation({ mutationFn: signOut })
  return (
    <Group gap="xs" wrap="nowrap">
      {actor.role && <NextButton me={actor.id} />}
      <Text size="sm" c="dimmed" visibleFrom="sm" truncate>
        {name}
        {actor.role && ` · ${actor.role}`}
      </Text>
      {actor.role && <PresenceMenu />}
      <NoticesMenu />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={isDark ? 'Use light colors' : 'Use dark colors'}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        <Icon name="sun" />
      </ActionIcon>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="out" size={16} />}
        loading={leave.isPending}
        onClick={() => leave.mutate()}
      >
        Sign out
      </Button>
    </Group>
  )
}
