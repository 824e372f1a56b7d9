import { Grid, NavLink, Stack, Title } from '@mantine/core'
import { lazy, Suspense, type ComponentType } from 'react'
import { Link, useParams } from 'react-router'
import { useSession } from '../api/session.ts'
import { Loading } from '../ui/states.tsx'

interface Section {
  title: string
  isForAdmins?: boolean
  Component: ComponentType
}

/** Each is a part of the app of its own. */
const sections: Record<string, Section> = {
  inbox: {
    title: 'How the inbox runs',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./inbox/inbox-section.tsx')).InboxSection })),
  },
}

/** What holds for everybody, and the own account. */
export function SettingsPage() {
  const { section = '' } = useParams()
  const isAdmin = useSession().data?.actor.role === 'admin'
  const open = Object.entries(sections).filter(([, { isForAdmins }]) => isAdmin || !isForAdmins)
  const [name, shown] = open.find(([each]) => each === section) ?? open[0] ?? []
  return (
    <Grid>
      <Grid.Col span={{ base: 12, sm: 3, lg: 2 }}>
        <Stack gap={2} component="nav" aria-label="Settings">
          <Title order={1} size="h4" px="sm" mb={4}>
            Settings
          </Title>
          {open.map(([each, { title }]) => (
            <NavLink
              key={each}
              component={Link}
              to={`/settings/${each}`}
              label={title}
              active={each === name}
            />
          ))}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, sm: 9, lg: 10 }}>
        {shown && (
          <Suspense fallback={<Loading what={shown.title} />}>
            <shown.Component />
          </Suspense>
        )}
      </Grid.Col>
    </Grid>
  )
}
