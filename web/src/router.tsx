import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { inboxSearch } from './data/search.ts'
import type { Ground } from './data/services.ts'
import { meQuery } from './data/session.ts'
import { DeskFrame } from './pages/desk-frame.tsx'
import { InboxLayout } from './pages/inbox-layout.tsx'
import { NoConversation } from './pages/no-conversation.tsx'
import { NotFound, PageProblem } from './pages/page-problem.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'

interface Context {
  cache: QueryClient
  ground: Ground
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Outlet,
  notFoundComponent: NotFound,
  errorComponent: PageProblem,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } =>
    typeof search['to'] === 'string' && /^\/(?!\/)/.test(search['to']) ? { to: search['to'] } : {},
  component: SignInPage,
})

const oneTimeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/one-time/$token',
  component: lazyRouteComponent(() => import('./pages/one-time-page.tsx'), 'OneTimePage'),
})

const deskRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'desk',
  component: DeskFrame,
  beforeLoad: async ({ context, location }) => {
    const me = await context.cache.ensureQueryData(meQuery(context.ground.api))
    if (me === null) throw redirect({ to: '/sign-in', search: location.pathname === '/' ? {} : { to: location.href } })
  },
})

const homeRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox/$view', params: { view: 'mine' } })
  },
})

const inboxRoute = createRoute({
  getParentRoute: () => deskRoute,
  id: 'inbox',
  validateSearch: inboxSearch,
  component: InboxLayout,
})
const conversationPage = lazyRouteComponent(() => import('./pages/conversation-page.tsx'), 'ConversationPage')
const viewRoute = createRoute({ getParentRoute: () => inboxRoute, path: '/inbox/$view', component: NoConversation })
const conversationRoute = createRoute({ getParentRoute: () => inboxRoute, path: '/c/$id', component: conversationPage })

const localeSearch = (search: Record<string, unknown>): { locale?: string } =>
  typeof search['locale'] === 'string' && /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/.test(search['locale'])
    ? { locale: search['locale'] }
    : {}
const articlesRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/articles',
  validateSearch: localeSearch,
  component: lazyRouteComponent(() => import('./pages/articles/articles-page.tsx'), 'ArticlesPage'),
})
const articleRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/articles/$id',
  validateSearch: localeSearch,
  component: lazyRouteComponent(() => import('./pages/articles/article-page.tsx'), 'ArticlePage'),
})

const settingsRoute = createRoute({
  getParentRoute: () => deskRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/settings/settings-layout.tsx'), 'SettingsLayout'),
})
const settingsHome = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const role = context.cache.getQueryData(meQuery(context.ground.api).queryKey)?.agent?.role
    throw redirect({ to: role === 'agent' ? '/settings/profile' : '/settings/inboxes' })
  },
})
const inboxesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/inboxes',
  component: lazyRouteComponent(() => import('./pages/settings/inboxes-page.tsx'), 'InboxesPage'),
})
const newInboxRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/inboxes/new',
  validateSearch: (search: Record<string, unknown>): { channel?: string } =>
    typeof search['channel'] === 'string' ? { channel: search['channel'] } : {},
  component: lazyRouteComponent(() => import('./pages/settings/new-inbox-page.tsx'), 'NewInboxPage'),
})
const oneInboxRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/inboxes/$id',
  component: lazyRouteComponent(() => import('./pages/settings/inbox-page.tsx'), 'InboxPage'),
})
const peopleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/settings/people-page.tsx'), 'PeoplePage'),
})
const tagsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tags',
  component: lazyRouteComponent(() => import('./pages/settings/tags-page.tsx'), 'TagsPage'),
})
const topicsRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/topics',
  component: lazyRouteComponent(() => import('./pages/settings/topics-page.tsx'), 'TopicsPage'),
})
const topicFormRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/topics/$id',
  component: lazyRouteComponent(() => import('./pages/settings/forms/form-page.tsx'), 'FormPage'),
})
const responseTimesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/response-times',
  component: lazyRouteComponent(() => import('./pages/settings/response-times-page.tsx'), 'ResponseTimesPage'),
})
const hoursRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/hours',
  component: lazyRouteComponent(() => import('./pages/settings/hours-page.tsx'), 'HoursPage'),
})
const rulesRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/rules',
  component: lazyRouteComponent(() => import('./pages/settings/rules/rules-page.tsx'), 'RulesPage'),
})
const ruleRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/rules/$id',
  component: lazyRouteComponent(() => import('./pages/settings/rules/rule-page.tsx'), 'RulePage'),
})
const macrosRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/macros',
  component: lazyRouteComponent(() => import('./pages/settings/macros-page.tsx'), 'MacrosPage'),
})
const tokensRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/tokens',
  component: lazyRouteComponent(() => import('./pages/settings/tokens-page.tsx'), 'TokensPage'),
})
const webhooksRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/settings/webhooks-page.tsx'), 'WebhooksPage'),
})
const failedWorkRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/failed-work',
  component: lazyRouteComponent(() => import('./pages/settings/failed-work-page.tsx'), 'FailedWorkPage'),
})
const helpRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/help',
  component: lazyRouteComponent(() => import('./pages/settings/help-page.tsx'), 'HelpPage'),
})
const profileRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/profile',
  component: lazyRouteComponent(() => import('./pages/settings/profile-page.tsx'), 'ProfilePage'),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  oneTimeRoute,
  deskRoute.addChildren([
    homeRoute,
    inboxRoute.addChildren([viewRoute, conversationRoute]),
    articlesRoute,
    articleRoute,
    settingsRoute.addChildren([
      settingsHome,
      inboxesRoute,
      newInboxRoute,
      oneInboxRoute,
      peopleRoute,
      tagsRoute,
      topicsRoute,
      topicFormRoute,
      responseTimesRoute,
      hoursRoute,
      rulesRoute,
      ruleRoute,
      macrosRoute,
      tokensRoute,
      webhooksRoute,
      failedWorkRoute,
      helpRoute,
      profileRoute,
    ]),
  ]),
])

export function openRouter(context: Context) {
  return createRouter({ routeTree, context, defaultPreload: false, defaultPendingMs: 200 })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof openRouter>
  }
}
