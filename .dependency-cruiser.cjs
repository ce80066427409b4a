/**
 * The hexagon and its rooms as lint. Every rule here is tried against a planted violation in
 * tests/architecture.
 *
 * The rooms of src/application, floor by floor: a room may import the rooms it names here, and each of
 * them is on a lower floor.
 */
const FLOORS = [
  { kernel: [] },
  { projections: ['kernel'], identity: ['kernel'], 'household-data': ['kernel'] },
  { sessions: ['kernel', 'projections', 'identity'] },
  {
    credentials: ['kernel', 'identity', 'sessions'],
    accounts: ['kernel', 'identity', 'sessions'],
    administration: ['kernel', 'identity', 'sessions'],
  },
  {
    households: ['kernel', 'identity', 'household-data', 'sessions', 'credentials', 'accounts'],
    importing: ['kernel', 'identity', 'accounts'],
  },
  {
    adopting: ['kernel', 'household-data', 'accounts', 'importing'],
    auditing: ['kernel', 'identity', 'sessions', 'credentials', 'administration', 'households'],
    mail: ['kernel', 'identity', 'accounts', 'households'],
  },
  {
    erasure: [
      ...['kernel', 'identity', 'household-data', 'sessions', 'credentials', 'administration'],
      ...['households', 'auditing'],
    ],
    'event-log': ['kernel'],
  },
];

/** The rooms inside src/application/auditing, each with those of them that it may import. */
const AUDITING = {
  'affected-events': [],
  evidence: [],
  history: [],
  explanation: ['history'],
  'undo-plan': ['affected-events'],
  theft: ['affected-events', 'undo-plan', 'evidence'],
  undo: ['affected-events', 'undo-plan', 'theft'],
};

/** What an adapter needs of another one, beside postgres/connection and ports. */
const BETWEEN_ADAPTERS = {
  'event-store': [
    // Both statements that load a refresh context read the principal's row as the directory does.
    'postgres/identity/principal-row.ts',
    // A copy of the log appends under the lease.
    'postgres/event-log/postgres-log-lease.ts',
  ],
};

const anyOf = (paths) => `(${paths.map((path) => path.replaceAll('.', '\\.')).join('|')})`;

const forbid = (name, from, to, comment) => ({
  ...{ name, severity: 'error', from, to },
  ...(comment && { comment }),
});

/** One rule for each room of `folder`; files in `folder` itself are open to its rooms. */
const rulesForRooms = (folder, rooms) =>
  Object.entries(rooms).map(([room, imports]) =>
    forbid(
      `${folder.replace('src/', '').replaceAll('/', '-')}-${room}-imports-what-it-names`,
      { path: `^${folder}/${room}/` },
      { path: `^${folder}/[^/]+/`, pathNot: `^${folder}/${anyOf([room, ...imports])}/` },
    ),
  );

const ROOMS = Object.assign({}, ...FLOORS);

FLOORS.forEach((floor, height) => {
  const below = FLOORS.slice(0, height).flatMap(Object.keys);
  for (const [room, imports] of Object.entries(floor)) {
    const wrong = imports.filter((each) => !below.includes(each));
    if (wrong.length > 0) throw new Error(`${room} names rooms of no lower floor: ${wrong}`);
  }
});

const betweenAdapters = (from, exceptions) => [
  from,
  {
    path: '^src/adapters/[^/]+/',
    pathNot: `^src/adapters/${anyOf(['$1/', 'ports/', 'postgres/connection/', ...exceptions])}`,
  },
];

module.exports = {
  forbidden: [
    forbid('no-cycles', {}, { circular: true }),
    {
      ...forbid('no-cycles-between-folders', {}, { circular: true }),
      scope: 'folder',
    },
    forbid(
      'domain-is-pure',
      { path: '^src/domain/' },
      { pathNot: '^src/domain/' },
      'src/domain imports only src/domain: no packages, no Node built-ins.',
    ),
    forbid(
      'application-knows-no-technology',
      { path: '^src/application/' },
      { pathNot: '^src/(domain|application)/' },
    ),
    forbid(
      'application-consists-of-rooms',
      { path: '^src/application/', pathNot: `^src/application/${anyOf(Object.keys(ROOMS))}/` },
      {},
      'A new room is put on a floor first.',
    ),
    ...rulesForRooms('src/application', ROOMS),
    ...rulesForRooms('src/application/auditing', AUDITING),
    forbid(
      'rooms-do-not-import-their-inner-rooms',
      { path: '^src/application/([^/]+)/[^/]+$' },
      { path: '^src/application/$1/[^/]+/' },
      'Inner rooms, such as households/invitations, import the room around them.',
    ),
    forbid(
      'aggregates-do-not-import-each-other',
      { path: '^src/domain/([^/]+)/' },
      { path: '^src/domain/[^/]+/', pathNot: '^src/domain/$1/' },
    ),
    forbid(
      'adapters-do-not-import-each-other',
      ...betweenAdapters(
        {
          path: '^src/adapters/([^/]+)/',
          pathNot: `^src/adapters/${anyOf(Object.keys(BETWEEN_ADAPTERS))}/`,
        },
        [],
      ),
    ),
    ...Object.entries(BETWEEN_ADAPTERS).map(([adapter, exceptions]) =>
      forbid(
        `adapters-${adapter}-imports-what-it-names`,
        ...betweenAdapters({ path: `^src/adapters/(${adapter})/` }, exceptions),
      ),
    ),
    forbid(
      'only-the-composition-root-knows-tsyringe',
      { path: '^src/', pathNot: '^src/composition/composition-root\\.ts$' },
      { path: 'node_modules/(tsyringe|reflect-metadata)' },
    ),
    forbid(
      'only-entry-points-import-the-composition-root',
      { path: '^src/(domain|application|adapters)/' },
      { path: '^src/((composition|configuration|server)/|(main|cli)\\.ts$)' },
    ),
    forbid(
      'composition-does-not-import-the-server',
      { path: '^src/(composition|configuration)/' },
      { path: '^src/(server/[^/]+|main\\.ts|cli\\.ts)$' },
      'What the routes of operations report, server/health, is composed; what opens a system is not.',
    ),
    forbid(
      'entry-points-are-not-imported',
      { path: '^(src|bench|migrations|scripts)/', pathNot: '^src/cli\\.ts$' },
      { path: '^src/[^/]+$' },
      'cli.ts alone loads main.ts.',
    ),
    forbid(
      'migrations-import-no-source',
      { path: '^migrations/' },
      { path: '^(src|bench|scripts|tests)/' },
      'A migration does what it did when it was written.',
    ),
    forbid('source-imports-no-tools', { path: '^src/' }, { path: '^(bench|scripts|tests)/' }),
    forbid('no-barrels', {}, { path: '^(src|bench|migrations|scripts)/.*/index\\.ts$' }),
    forbid(
      'no-orphans',
      { orphan: true, path: '^src/' },
      {},
      'A module that no other imports is dead code.',
    ),
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
