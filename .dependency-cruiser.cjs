// The structure of the repository as rules: who may know whom.
const SERVER = '^packages/server/src/';
const MODULE = `${SERVER}modules/([^/]+)/`;

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kernel-knows-nobody',
      severity: 'error',
      from: { path: `${SERVER}kernel/` },
      to: {
        path: `${SERVER}(modules|protocols|cli|jobs|testing|app|services|schema)`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'services-know-no-protocol',
      comment: 'A capability is the same through every door.',
      severity: 'error',
      from: { path: `${MODULE}.*\\.(service|queries)\\.ts$` },
      to: {
        path: [
          `${SERVER}protocols/`,
          '\\.(resolver|scim|routes|object|inputs)\\.ts$',
          'node_modules/(fastify|type-graphql|@apollo)/',
        ],
      },
    },
    {
      name: 'queries-stay-inside',
      severity: 'error',
      from: { path: MODULE, pathNot: '\\.test\\.ts$' },
      to: { path: `${SERVER}modules/[^/]+/.*\\.queries\\.ts$`, pathNot: `${SERVER}modules/$1/` },
    },
    {
      name: 'queries-are-the-services-alone',
      severity: 'error',
      from: { path: SERVER, pathNot: [`${SERVER}modules/`, '\\.test\\.ts$'] },
      to: { path: '\\.queries\\.ts$' },
    },
    {
      name: 'a-module-has-one-door',
      comment: 'Another module is reached through its service, its types, its GraphQL objects.',
      severity: 'error',
      from: { path: MODULE, pathNot: '\\.test\\.ts$' },
      to: {
        path: `${SERVER}modules/`,
        pathNot: [`${SERVER}modules/$1/`, '\\.(service|types|object|resolver)\\.ts$'],
      },
    },
    {
      name: 'adapters-hold-no-sql',
      severity: 'error',
      from: { path: '\\.(resolver|scim|routes|object|inputs)\\.ts$' },
      to: { path: ['node_modules/(kysely|pg)/', `${SERVER}database/`, '\\.queries\\.ts$'] },
    },
    {
      name: 'protocols-do-not-know-each-other',
      severity: 'error',
      from: { path: `${SERVER}protocols/([^/]+)/`, pathNot: '\\.test\\.ts$' },
      to: { path: `${SERVER}protocols/`, pathNot: `${SERVER}protocols/$1/` },
    },
    {
      name: 'webauthn-in-one-module',
      severity: 'error',
      from: { path: SERVER, pathNot: `${SERVER}modules/passkeys/` },
      to: { path: 'node_modules/@simplewebauthn/server' },
    },
    {
      name: 'engine-in-one-protocol',
      severity: 'error',
      from: { path: SERVER, pathNot: `${SERVER}protocols/oidc/` },
      to: { path: 'node_modules/(@types/)?oidc-provider' },
    },
    {
      name: 'clients-do-not-know-the-server',
      severity: 'error',
      from: {
        path: '^(packages/(console|authenticator|sdk|examples|policy)|e2e)/',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: '^packages/server/' },
    },
    {
      name: 'policy-is-pure',
      severity: 'error',
      from: { path: '^packages/policy/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['/dist/', '/generated/', '\\.results/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: '.tsconfig.base.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css', '.json'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
