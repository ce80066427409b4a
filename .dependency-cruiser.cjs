/** The hexagon as lint. Every rule here is tried against a planted violation in tests/architecture. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      comment: 'src/domain imports only src/domain: no packages, no Node built-ins.',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'application-knows-no-technology',
      severity: 'error',
      from: { path: '^src/application/' },
      to: { pathNot: '^src/(domain|application)/' },
    },
    {
      name: 'aggregates-do-not-import-each-other',
      severity: 'error',
      from: { path: '^src/domain/([^/]+)/' },
      to: { path: '^src/domain/[^/]+/', pathNot: '^src/domain/$1/' },
    },
    {
      name: 'adapters-do-not-import-each-other',
      severity: 'error',
      comment: 'What adapters share is the exception: adapters/postgres and adapters/ports.',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/[^/]+/', pathNot: '^src/adapters/($1|postgres|ports)/' },
    },
    {
      name: 'only-the-composition-root-knows-tsyringe',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/composition/composition-root\\.ts$' },
      to: { path: 'node_modules/(tsyringe|reflect-metadata)' },
    },
    {
      name: 'nobody-below-imports-the-composition-root',
      severity: 'error',
      from: { path: '^src/(domain|application|adapters)/' },
      to: { path: '^src/((composition|configuration|server)/|(main|cli)\\.ts$)' },
    },
    { name: 'no-barrels', severity: 'error', from: {}, to: { path: '^src/.*/index\\.ts$' } },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A module nobody imports is dead code.',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
