import {
  type AsyncRouteComponent,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent as lazy,
  type RouteComponent,
} from '@tanstack/react-router';
import { Broken } from './layout/Broken';
import { NotFound } from './layout/NotFound';
import { PageSkeleton, RealmLayout } from './layout/realm';
import { Shell } from './layout/Shell';
import { Needs } from './layout/viewer';
import { campaignSearch } from './pages/campaigns/search';
import { eventsSearch } from './pages/events/search';
import { Start } from './pages/home/Start';
import { identitiesSearch } from './pages/identities/search';
import { inventorySearch } from './pages/passkeys/search';
import { requestsSearch } from './pages/provisioning/search';
import { listSearch, pageSearch, parseSearch, stringifySearch } from './search';

/** A page says so, and loads nothing, when the viewer lacks its scope. */
function page(scope: string, title: string, Content: AsyncRouteComponent<object>): RouteComponent {
  const Guarded = () => (
    <Needs scope={scope} title={title}>
      <Content />
    </Needs>
  );
  const { preload } = Content;
  return preload === undefined ? Guarded : Object.assign(Guarded, { preload });
}

const root = createRootRoute({ component: Shell, notFoundComponent: () => <NotFound /> });

const startPage = createRoute({ getParentRoute: () => root, path: '/', component: Start });

const realms = createRoute({
  getParentRoute: () => root,
  path: 'realms',
  validateSearch: listSearch,
  component: page(
    'realms:read',
    'Realms',
    lazy(() => import('./pages/realms/RealmsPage'), 'RealmsPage'),
  ),
});
const newRealm = createRoute({
  getParentRoute: () => realms,
  path: 'new',
  component: lazy(() => import('./pages/realms/CreateRealm'), 'CreateRealm'),
});

const realm = createRoute({
  getParentRoute: () => root,
  path: 'realms/$realmId',
  component: RealmLayout,
});

const home = createRoute({
  getParentRoute: () => realm,
  id: 'home',
  component: lazy(() => import('./pages/home/HomePage'), 'HomePage'),
});
const homeItself = createRoute({ getParentRoute: () => home, path: '/' });
const renameRealm = createRoute({
  getParentRoute: () => home,
  path: 'rename',
  component: lazy(() => import('./pages/realms/RenameRealm'), 'RenameRealm'),
});

const identities = createRoute({
  getParentRoute: () => realm,
  path: 'identities',
  validateSearch: identitiesSearch,
  component: page(
    'identities:read',
    'Identities',
    lazy(() => import('./pages/identities/IdentitiesPage'), 'IdentitiesPage'),
  ),
});
const newIdentity = createRoute({
  getParentRoute: () => identities,
  path: 'new',
  component: lazy(() => import('./pages/identities/CreateIdentity'), 'CreateIdentity'),
});
const deletedIdentities = createRoute({
  getParentRoute: () => realm,
  path: 'identities/deleted',
  validateSearch: listSearch,
  component: page(
    'identities:read',
    'Deleted identities',
    lazy(() => import('./pages/identities/DeletedPage'), 'DeletedPage'),
  ),
});
const identity = createRoute({
  getParentRoute: () => realm,
  path: 'identities/$identityId',
  component: page(
    'identities:read',
    'Identity',
    lazy(() => import('./pages/identities/IdentityPage'), 'IdentityPage'),
  ),
});

const groups = createRoute({
  getParentRoute: () => realm,
  path: 'groups',
  validateSearch: listSearch,
  component: page(
    'groups:read',
    'Groups',
    lazy(() => import('./pages/groups/GroupsPage'), 'GroupsPage'),
  ),
});
const newGroup = createRoute({
  getParentRoute: () => groups,
  path: 'new',
  component: lazy(() => import('./pages/groups/CreateGroup'), 'CreateGroup'),
});
const group = createRoute({
  getParentRoute: () => realm,
  path: 'groups/$groupId',
  validateSearch: pageSearch,
  component: page(
    'groups:read',
    'Group',
    lazy(() => import('./pages/groups/GroupPage'), 'GroupPage'),
  ),
});
const editGroup = createRoute({
  getParentRoute: () => group,
  path: 'edit',
  component: lazy(() => import('./pages/groups/EditGroup'), 'EditGroup'),
});

const applications = createRoute({
  getParentRoute: () => realm,
  path: 'applications',
  validateSearch: listSearch,
  component: page(
    'applications:read',
    'Applications',
    lazy(() => import('./pages/applications/ApplicationsPage'), 'ApplicationsPage'),
  ),
});
const newApplication = createRoute({
  getParentRoute: () => applications,
  path: 'new',
  component: lazy(() => import('./pages/applications/CreateApplication'), 'CreateApplication'),
});
const application = createRoute({
  getParentRoute: () => realm,
  path: 'applications/$applicationId',
  component: page(
    'applications:read',
    'Application',
    lazy(() => import('./pages/applications/ApplicationPage'), 'ApplicationPage'),
  ),
});
const editApplication = createRoute({
  getParentRoute: () => application,
  path: 'edit',
  component: lazy(() => import('./pages/applications/EditApplication'), 'EditApplication'),
});

const passkeys = createRoute({
  getParentRoute: () => realm,
  path: 'passkeys',
  validateSearch: inventorySearch,
  component: page(
    'credentials:read',
    'Passkeys',
    lazy(() => import('./pages/passkeys/PasskeysPage'), 'PasskeysPage'),
  ),
});

const campaigns = createRoute({
  getParentRoute: () => realm,
  path: 'campaigns',
  validateSearch: pageSearch,
  component: page(
    'credential-binding-jobs:read',
    'Campaigns',
    lazy(() => import('./pages/campaigns/CampaignsPage'), 'CampaignsPage'),
  ),
});
const newCampaign = createRoute({
  getParentRoute: () => campaigns,
  path: 'new',
  component: lazy(() => import('./pages/campaigns/CreateCampaign'), 'CreateCampaign'),
});
const campaign = createRoute({
  getParentRoute: () => realm,
  path: 'campaigns/$campaignId',
  validateSearch: campaignSearch,
  component: page(
    'credential-binding-jobs:read',
    'Campaign',
    lazy(() => import('./pages/campaigns/CampaignPage'), 'CampaignPage'),
  ),
});

const mail = createRoute({
  getParentRoute: () => realm,
  path: 'mail',
  validateSearch: pageSearch,
  component: page(
    'identities:read',
    'Mail',
    lazy(() => import('./pages/mail/MailPage'), 'MailPage'),
  ),
});

const provisioning = createRoute({
  getParentRoute: () => realm,
  path: 'provisioning',
  validateSearch: requestsSearch,
  component: page(
    'realms:read',
    'Provisioning',
    lazy(() => import('./pages/provisioning/ProvisioningPage'), 'ProvisioningPage'),
  ),
});

const policy = createRoute({
  getParentRoute: () => realm,
  path: 'policy',
  component: page(
    'policies:read',
    'Policy',
    lazy(() => import('./pages/policy/PolicyPage'), 'PolicyPage'),
  ),
});

const events = createRoute({
  getParentRoute: () => realm,
  path: 'events',
  validateSearch: eventsSearch,
  component: page(
    'events:read',
    'Events',
    lazy(() => import('./pages/events/EventsPage'), 'EventsPage'),
  ),
});
const event = createRoute({
  getParentRoute: () => events,
  path: '$eventId',
  component: lazy(() => import('./pages/events/EventPanel'), 'EventPanel'),
});

const routeTree = root.addChildren([
  startPage,
  realms.addChildren([newRealm]),
  realm.addChildren([
    home.addChildren([homeItself, renameRealm]),
    identities.addChildren([newIdentity]),
    deletedIdentities,
    identity,
    groups.addChildren([newGroup]),
    group.addChildren([editGroup]),
    applications.addChildren([newApplication]),
    application.addChildren([editApplication]),
    passkeys,
    campaigns.addChildren([newCampaign]),
    campaign,
    mail,
    provisioning,
    policy,
    events.addChildren([event]),
  ]),
]);

export const createConsoleRouter = () =>
  createRouter({
    routeTree,
    basepath: '/console',
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPendingComponent: PageSkeleton,
    defaultErrorComponent: Broken,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
