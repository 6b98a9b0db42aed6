/** Addresses of the dashboard; every page is its own file of the build. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  parseSearchWith,
  type SearchSchemaInput,
  stringifySearchWith,
} from '@tanstack/react-router';
import { PageProblem } from './components/Problem.tsx';
import { PageSkeleton } from './components/Skeleton.tsx';
import { type CustomersSearch, readCustomersSearch } from './pages/customers/search.ts';
import { Join } from './pages/door/Join.tsx';
import { Setup } from './pages/door/Setup.tsx';
import { SignIn } from './pages/door/SignIn.tsx';
import { NotFound } from './pages/NotFound.tsx';
import { type Tab, tabOf } from './pages/segments/tabs.ts';
import { Shell } from './shell/Shell.tsx';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

type Loose = Record<string, unknown> & SearchSchemaInput;

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
  validateSearch: (search: Loose): { to?: string } => ({ to: text(search.to) }),
});

const tokenSearch = (search: Loose): { token?: string } => ({ token: text(search.token) });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: Setup,
  validateSearch: tokenSearch,
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: Join,
  validateSearch: tokenSearch,
});

const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });

const today = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/today/TodayPage.tsx'), 'TodayPage'),
  validateSearch: (search: Loose): { as_of?: string } => ({ as_of: text(search.as_of) }),
});

const customers = createRoute({
  getParentRoute: () => shell,
  path: '/customers',
  component: lazyRouteComponent(() => import('./pages/customers/CustomersPage.tsx'), 'CustomersPage'),
  validateSearch: (search: Loose): CustomersSearch => readCustomersSearch(search),
});

const customer = createRoute({
  getParentRoute: () => shell,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./pages/customer/CustomerPage.tsx'), 'CustomerPage'),
});

const segments = createRoute({
  getParentRoute: () => shell,
  path: '/segments',
  component: lazyRouteComponent(() => import('./pages/segments/SegmentsPage.tsx'), 'SegmentsPage'),
  validateSearch: (search: Loose): { tab?: Tab } => ({ tab: tabOf(search.tab) }),
});

const segment = createRoute({
  getParentRoute: () => shell,
  path: '/segments/$name',
  component: lazyRouteComponent(() => import('./pages/segments/SegmentPage.tsx'), 'SegmentPage'),
});

// Beside the segments, not among them: any word may be the name of one.
const segmentEditor = createRoute({
  getParentRoute: () => shell,
  path: '/segment-editor',
  component: lazyRouteComponent(() => import('./pages/segments/EditorPage.tsx'), 'EditorPage'),
  validateSearch: (search: Loose): { name?: string; example?: string } => ({
    name: text(search.name),
    example: text(search.example),
  }),
});

const importFile = createRoute({
  getParentRoute: () => shell,
  path: '/import',
  component: lazyRouteComponent(() => import('./pages/import/ImportPage.tsx'), 'ImportPage'),
  validateSearch: (search: Loose): { upload?: string } => ({ upload: text(search.upload) }),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/sources',
  component: lazyRouteComponent(() => import('./pages/settings/SourcesPage.tsx'), 'SourcesPage'),
});

const members = createRoute({
  getParentRoute: () => shell,
  path: '/settings/members',
  component: lazyRouteComponent(() => import('./pages/settings/MembersPage.tsx'), 'MembersPage'),
});

const tokens = createRoute({
  getParentRoute: () => shell,
  path: '/settings/tokens',
  component: lazyRouteComponent(() => import('./pages/settings/TokensPage.tsx'), 'TokensPage'),
});

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/settings/audit',
  component: lazyRouteComponent(() => import('./pages/settings/AuditPage.tsx'), 'AuditPage'),
});

const system = createRoute({
  getParentRoute: () => shell,
  path: '/settings/system',
  component: lazyRouteComponent(() => import('./pages/settings/SystemPage.tsx'), 'SystemPage'),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/settings/AccountPage.tsx'), 'AccountPage'),
});

const tree = root.addChildren([
  signIn,
  setup,
  join,
  shell.addChildren([
    today,
    customers,
    customer,
    segments,
    segment,
    segmentEditor,
    importFile,
    settings,
    members,
    tokens,
    audit,
    system,
    account,
  ]),
]);

export function makeRouter() {
  return createRouter({
    routeTree: tree,
    // Numbers in an address stay as written: a phone number is not a count.
    parseSearch: parseSearchWith((value) => value),
    stringifySearch: stringifySearchWith(JSON.stringify),
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: PageProblem,
    scrollRestoration: true,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
