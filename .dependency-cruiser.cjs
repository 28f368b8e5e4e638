/**
 * The import rules of server/ARCHITECTURE.md. Each rule's comment is what the developer reads when it breaks.
 * Order of features follows the learner's journey; a feature may use those before it, never those after.
 */
const JOURNEY = [
  'accounts',
  'organisations',
  'frameworks',
  'assessments',
  'catalogue',
  'paths',
  'learning',
  'quizzes',
  'certificates',
  'programme',
  'register',
  'exchange',
  'home',
  'admin',
];

/** Features own their data; others reach it through these files only. */
const featureOrderRules = JOURNEY.map((feature, i) => ({
  name: `journey-${feature}`,
  comment: `${feature} may only use features that come before it: ${JOURNEY.slice(0, i).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^server/features/${feature}/`, pathNot: '\\.test\\.ts$' },
  to: {
    path: '^server/features/',
    pathNot: `^server/features/(${[...JOURNEY.slice(0, i), feature].join('|')})/`,
  },
}));

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'Cycles hide the order in which things are built.', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'core-is-pure', comment: 'server/core imports only server/core: no I/O, no clock, no packages.', severity: 'error', from: { path: '^server/core/', pathNot: '\\.test\\.ts$' }, to: { pathNot: '^server/core/' } },
    { name: 'platform-knows-no-feature', comment: 'Adapters in server/platform serve features; they never import them.', severity: 'error', from: { path: '^server/platform/' }, to: { path: '^server/(features|content)/' } },
    { name: 'features-meet-at-services', comment: 'Between features services, read models, policies, schemas, view types and entities may be imported; never routes, repositories or jobs.', severity: 'error', from: { path: '^server/features/([^/]+)/', pathNot: '\\.test\\.ts$' }, to: { path: '^server/features/[^/]+/', pathNot: ['^server/features/$1/', '\\.(service|read-model|policy|entity|schemas|views)\\.ts$'], dependencyTypesNot: ['type-only'] } },
    { name: 'orm-behind-repositories', comment: 'TypeORM only in entities, repositories, read models and the database adapter.', severity: 'error', from: { path: '^server/', pathNot: ['\\.(entity|repository|read-model)\\.ts$', '^server/platform/(db|jobs)/', '\\.test\\.ts$'] }, to: { path: 'node_modules/typeorm' } },
    { name: 'one-file-knows-bull', comment: 'bull and ioredis only in platform/jobs/bull-runner.ts.', severity: 'error', from: { pathNot: '^(server/platform/jobs/bull-runner\\.ts|test/)' }, to: { path: 'node_modules/(bull|ioredis)/' } },
    { name: 'express-at-the-edge', comment: 'express only in *.routes.ts, app.ts and platform/http.', severity: 'error', from: { path: '^server/', pathNot: ['\\.routes\\.ts$', '^server/app\\.ts$', 'set-up-[a-z-]+\\.ts$', '^server/platform/(http|views)/', '\\.test\\.ts$'] }, to: { path: 'node_modules/(express|@types/express)/', dependencyTypesNot: ['type-only'] } },
    ...featureOrderRules,
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['require', 'node', 'default', 'types'] },
  },
};
