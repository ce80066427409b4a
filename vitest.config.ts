import { defineConfig } from 'vitest/config';

/** Nothing but memory: they need neither a database nor a process of their own. */
const PURE = [
  'tests/domain/**/*.spec.ts',
  'tests/application/**/*.spec.ts',
  'tests/architecture/**/*.spec.ts',
  'tests/configuration/**/*.spec.ts',
];

/** Requests to whole processes, over HTTP. */
const JOURNEYS = 'tests/e2e/**/*.e2e.spec.ts';

/** Journeys that are about an event log in EventStoreDB, and start one themselves. */
const ABOUT_EVENTSTOREDB = 'tests/e2e/eventstoredb/*.e2e.spec.ts';

/** Journeys that a log in EventStoreDB has nothing to add to, each with its reason. */
const POSTGRES_ONLY = [
  // An adoption writes into the database that is adopted; in the other mode it is refused, which has a spec.
  'tests/e2e/adopting/*.e2e.spec.ts',
  // Takes all migrations back, which is refused while the log is elsewhere: it could not be found again.
  'tests/e2e/event-log/dropped-tables.e2e.spec.ts',
  // They begin in PostgreSQL, and move the log between the two themselves.
  'tests/e2e/event-log/moved-log.e2e.spec.ts',
  'tests/e2e/event-log/killed-copy.e2e.spec.ts',
];

const onDemand = (...names: readonly string[]): string[] =>
  process.env.LATCHKEY_TEST_JOURNEYS === 'all'
    ? []
    : names.map((name) => `tests/e2e/**/${name}.e2e.spec.ts`);

/** What takes minutes: only when all journeys are asked for, so that the gate ends in time. */
const LONG = onDemand(
  'adoption-awkward',
  'adoption-drift',
  'adoption-gates',
  'adoption-killed',
  'adoption-large',
  'eventstoredb-soak',
  'killed-copy',
);

/** What the store below makes the least difference to: in EventStoreDB mode only then, too. */
const NOT_EVERY_TIME = onDemand(
  'attacked-accounts',
  'graceful-shutdown',
  'household-invitation-races',
  'indistinguishable-accounts',
  'killed-import',
  'last-households',
  'link-page-log',
  'lockout-and-limits',
  'log-output',
  'lost-memberships',
  'production-mail',
  'revoked-permanently',
  'startup-failures',
);

const SERVERS = [
  'tests/support/servers/global-postgres.ts',
  'tests/support/servers/global-event-store.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than CI has cores: journeys wait as much as they compute.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Ends what would wait for ever; a busy machine may need more than the second it is otherwise.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'real parts',
          include: ['tests/**/*.spec.ts'],
          exclude: [...PURE, JOURNEYS],
          globalSetup: SERVERS,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys, PostgreSQL',
          include: [JOURNEYS],
          exclude: [ABOUT_EVENTSTOREDB, ...LONG],
          globalSetup: SERVERS,
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys, EventStoreDB',
          include: [JOURNEYS],
          exclude: [...POSTGRES_ONLY, ...LONG, ...NOT_EVERY_TIME],
          globalSetup: SERVERS,
          env: { LATCHKEY_TEST_STORE: 'eventstoredb' },
        },
      },
    ],
  },
});
