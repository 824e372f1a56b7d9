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
  account: {
    title: 'My account',
    Component: lazy(async () => ({
      default: (await import('./account/account-section.tsx')).AccountSection,
    })),
  },
  people: {
    title: 'People',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./people/people-section.tsx')).PeopleSection })),
  },
  teams: {
    title: 'Teams',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./people/teams-section.tsx')).TeamsSection })),
  },
  roles: {
    title: 'Roles',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./roles/roles-section.tsx')).RolesSection })),
  },
  inbox: {
    title: 'How the inbox runs',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./inbox/inbox-section.tsx')).InboxSection })),
  },
  rules: {
    title: 'Who gets a chat',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./rules/rules-section.tsx')).RulesSection })),
  },
  tags: {
    title: 'Tags',
    Component: lazy(async () => ({ default: (await import('./tags/tags-section.tsx')).TagsSection })),
  },
  webhooks: {
    title: 'Webhooks',
    isForAdmins: true,
    Component: lazy(async () => ({
      default: (await import('./webhooks/webhooks-section.tsx')).WebhooksSection,
    })),
  },
  audit: {
    title: 'Log of changes',
    isForAdmins: true,
    Component: lazy(async () => ({ default: (await import('./audit/audit-section.tsx')).AuditSection })),
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
