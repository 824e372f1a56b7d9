import { Anchor, Badge, createTheme, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { createBrowserRouter, Link, Navigate, useRouteError } from 'react-router'
import { RouterProvider } from 'react-router/dom'
import { queryClient, useSession } from './api/session.ts'
import { SignInPage } from './sign-in/sign-in-page.tsx'
import { Shell } from './ui/shell.tsx'
import { Empty, Loading, ProblemNotice } from './ui/states.tsx'

const theme = createTheme({
  primaryColor: 'teal',
  // White on it and it on white are readable (WCAG AA).
  primaryShade: { light: 9, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: { Badge: Badge.extend({ defaultProps: { tt: 'none' } }) },
})
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''
// What locks the page's scrolling under a dialog writes a style element too, and looks here for the nonce.
Object.assign(globalThis, { __webpack_nonce__: nonce })

const router = createBrowserRouter(
  [
    {
      path: 'activate/:code',
      errorElement: <Broken />,
      hydrateFallbackElement: <Loading what="the invitation" />,
      lazy: async () => ({ Component: (await import('./sign-in/activate-page.tsx')).ActivatePage }),
    },
    {
      element: <SignedIn />,
      errorElement: <Broken />,
      hydrateFallbackElement: <Loading what="the screen" />,
      children: [
        { index: true, element: <Navigate to="/inbox" replace /> },
        {
          path: 'inbox/:conversationId?',
          lazy: async () => ({ Component: (await import('./inbox/inbox-page.tsx')).InboxPage }),
        },
        {
          path: 'contacts',
          lazy: async () => ({ Component: (await import('./audience/contacts-page.tsx')).ContactsPage }),
        },
        {
          path: 'contacts/:id',
          lazy: async () => ({ Component: (await import('./contact/contact-page.tsx')).ContactPage }),
        },
        {
          path: 'segments',
          lazy: async () => ({ Component: (await import('./segments/segments-page.tsx')).SegmentsPage }),
        },
        {
          path: 'segments/new',
          lazy: async () => ({ Component: (await import('./segments/new-segment-page.tsx')).NewSegmentPage }),
        },
        {
          path: 'segments/:id',
          lazy: async () => ({ Component: (await import('./segments/segment-page.tsx')).SegmentPage }),
        },
        {
          path: 'imports',
          lazy: async () => ({ Component: (await import('./imports/imports-page.tsx')).ImportsPage }),
        },
        {
          path: 'imports/:id',
          lazy: async () => ({ Component: (await import('./imports/import-page.tsx')).ImportPage }),
        },
        {
          path: 'campaigns',
          lazy: async () => ({ Component: (await import('./campaigns/campaigns-page.tsx')).CampaignsPage }),
        },
        {
          path: 'campaigns/new',
          lazy: async () => ({
            Component: (await import('./campaigns/new-campaign-page.tsx')).NewCampaignPage,
          }),
        },
        {
          path: 'campaigns/compare',
          lazy: async () => ({ Component: (await import('./campaigns/compare-page.tsx')).ComparePage }),
        },
        {
          path: 'campaigns/:id/runs/:runId',
          lazy: async () => ({
            Component: (await import('./campaigns/run/campaign-run-page.tsx')).CampaignRunPage,
          }),
        },
        {
          path: 'campaigns/:id/:tab?',
          lazy: async () => ({ Component: (await import('./campaigns/campaign-page.tsx')).CampaignPage }),
        },
        {
          path: 'journeys',
          lazy: async () => ({ Component: (await import('./journeys/journeys-page.tsx')).JourneysPage }),
        },
        {
          path: 'journeys/new',
          lazy: async () => ({ Component: (await import('./journeys/new-journey-page.tsx')).NewJourneyPage }),
        },
        {
          path: 'journeys/:id/:tab?',
          lazy: async () => ({ Component: (await import('./journeys/journey-page.tsx')).JourneyPage }),
        },
        {
          path: 'runs/:id',
          lazy: async () => ({ Component: (await import('./runs/run-page.tsx')).RunPage }),
        },
        {
          path: 'stuck',
          lazy: async () => ({ Component: (await import('./stuck/stuck-page.tsx')).StuckPage }),
        },
        {
          path: 'rate-cards',
          lazy: async () => ({ Component: (await import('./rate-cards/rate-cards-page.tsx')).RateCardsPage }),
        },
        {
          path: 'rate-cards/:id',
          lazy: async () => ({ Component: (await import('./rate-cards/rate-card-page.tsx')).RateCardPage }),
        },
        {
          path: 'numbers',
          lazy: async () => ({ Component: (await import('./numbers/numbers-page.tsx')).NumbersPage }),
        },
        {
          path: 'numbers/:id',
          lazy: async () => ({ Component: (await import('./numbers/number-page.tsx')).NumberPage }),
        },
        {
          path: 'settings/:section?',
          lazy: async () => ({ Component: (await import('./settings/settings-page.tsx')).SettingsPage }),
        },
        { path: '*', element: <NoSuchScreen /> },
      ],
    },
  ],
  { basename: '/app' },
)

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}

/** The screens, or the sign-in form at the same address: whoever signs in is where they wanted to be. */
function SignedIn() {
  const { data: session, error, refetch } = useSession()
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />
  if (session === undefined) return <Loading what="your session" />
  return session === null ? <SignInPage /> : <Shell session={session} />
}

function NoSuchScreen() {
  return (
    <Empty title="There is no such screen">
      <Anchor component={Link} to="/inbox">
        Go to the inbox
      </Anchor>
    </Empty>
  )
}

/** A mistake of ours, or a part of the app that a deployment took away: loading anew helps with the second. */
function Broken() {
  const error = useRouteError()
  return <ProblemNotice error={error} onRetry={() => location.reload()} />
}
