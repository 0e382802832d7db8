/**
 * The arrows of docs/develop/architecture.md as rules: portal → openapi ← api → libs ← plugins.
 * `npx depcruise` fails on the first arrow that points the wrong way.
 */
export default {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-knows-no-feature',
      severity: 'error',
      comment: 'core/ is what features share; it must not know any of them.',
      from: { path: '^apps/api/src/core/' },
      to: { path: '^apps/api/src/features/' },
    },
    {
      name: 'features-meet-at-their-index',
      severity: 'error',
      comment: 'A feature, or a part of one, is imported only from its index.ts.',
      from: { path: '^apps/api/src/features/([^/]+)/' },
      to: { path: '^apps/api/src/features/(?!$1/)[^/]+/', pathNot: '/index\\.ts$' },
    },
    {
      name: 'libs-import-no-app',
      severity: 'error',
      from: { path: '^(libs|plugins)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'plugins-import-only-the-sdk',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/' },
      to: { path: '^(libs|plugins|apps)/', pathNot: '^(plugins/$1/|libs/plugin-(sdk|testing)/)' },
    },
    {
      name: 'plugins-have-no-dependency',
      severity: 'error',
      comment: 'A source is pure: it gets all it needs from the SDK.',
      from: { path: '^plugins/[^/]+/src/', pathNot: '\\.spec\\.ts$' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core'],
        pathNot: 'libs/plugin-sdk/',
      },
    },
    {
      name: 'published-libs-need-no-private-one',
      severity: 'error',
      comment: 'Whoever installs them from the registry gets nothing else of this repository.',
      from: {
        path: '^libs/(plugin-sdk|plugin-testing|create-bangui-source)/src/',
        pathNot: '(\\.spec\\.ts$|/testing/)',
      },
      to: { path: '^libs/(?!plugin-sdk/|$1/)' },
    },
    {
      name: 'libs-are-used-through-their-package',
      severity: 'error',
      from: { path: '^(apps|plugins|scripts)/' },
      to: { path: '^libs/', dependencyTypes: ['local'], dependencyTypesNot: ['aliased-workspace'] },
    },
    {
      name: 'portal-knows-the-api-by-its-contract',
      severity: 'error',
      from: { path: '^apps/portal/src/' },
      to: { path: '^(apps/api|libs)/' },
    },
    {
      name: 'portal-features-meet-at-their-index',
      severity: 'error',
      comment: 'Shared parts live in ui/, api/ or shell/; another feature is reached by its route or its index.ts.',
      from: { path: '^apps/portal/src/app/(?!shell|ui|api)([^/]+)/' },
      to: {
        path: '^apps/portal/src/app/(?!shell|ui|api|$1/)[^/]+/',
        pathNot: '^apps/portal/src/app/[^/]+/index\\.ts$',
      },
    },
    {
      name: 'ui-is-dumb',
      severity: 'error',
      from: { path: '^apps/portal/src/app/ui/' },
      to: { path: '^apps/portal/src/app/(?!ui/|api/)[^/]+/' },
    },
    {
      name: 'fail2ban-client-has-no-dependency',
      severity: 'error',
      from: { path: '^libs/(ip|fail2ban)/src/', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'], pathNot: 'libs/ip/' },
    },
    {
      name: 'production-code-needs-no-test-support',
      severity: 'error',
      from: { path: '^(apps|libs)/[^/]+/src/', pathNot: '(\\.(spec|db-spec|e2e-spec)\\.ts$|/testing/)' },
      to: { path: '(/testing/|\\.(spec|db-spec|e2e-spec)\\.ts$|^apps/api/test/)' },
    },
    { name: 'nothing-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|var|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.tools.json' },
    enhancedResolveOptions: {
      conditionNames: ['bangui-src', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
