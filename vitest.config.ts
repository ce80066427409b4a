import { defineConfig } from 'vitest/config';

/** Nothing but memory: they need neither a database nor a process of their own. */
const PURE = [
  'tests/domain/**/*.spec.ts',
  'tests/application/**/*.spec.ts',
  'tests/architecture/**/*.spec.ts',
  'tests/config*.spec.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'real parts',
          include: ['tests/**/*.spec.ts'],
          exclude: PURE,
          globalSetup: ['tests/support/global-postgres.ts'],
        },
      },
    ],
  },
});
