import type { Instant } from '../../../../../domain/instant.ts';
import type { TokenFamilyEvent } from '../../../../../domain/token-family/token-family-events.ts';

/** One event of a token family. */
export type Moment = Readonly<{
  revision: string;
  at: Instant;
  type: TokenFamilyEvent['type'];
  generation: number | null;
  /** Ordinal of the access token minted here. */
  accessToken: number | null;
}>;

/** An action with an access token minted after the split. */
export type DrawnAction = Readonly<{ number: number; at: Instant; sentence: string }>;

export type Split = Readonly<{ presentedGeneration: number; currentGeneration: number }>;

/** A place on the timeline. `until` is the time of a span's last event; otherwise equal to `at`. */
export type Stop = Readonly<{ at: Instant; until: Instant }> &
  (
    | Readonly<{ kind: 'moment'; moments: readonly Moment[] }>
    | Readonly<{ kind: 'action'; action: DrawnAction }>
    | Readonly<{ kind: 'span'; moments: readonly Moment[]; actions: readonly DrawnAction[] }>
  );

type Story = Readonly<{
  timeline: readonly Moment[];
  actions: readonly DrawnAction[];
  theft: Split | null;
}>;

/** The number of routine stops in a row from which they are shown as a span. */
const SHORTEST_SPAN = 3;
/** The greatest number of actions shown one by one. */
const MOST_ACTIONS = 24;

const ALWAYS_SHOWN: readonly Moment['type'][] = [
  'TokenFamilyStarted',
  'TokenTheftDetected',
  'TokenFamilyRevoked',
];

/** Puts a theft and the revocation that it causes into one stop: they are one append. */
const gatherMoments = (timeline: readonly Moment[]): readonly Stop[] => {
  const groups: Moment[][] = [];
  for (const moment of timeline) {
    const before = groups.at(-1);
    const endsTheft =
      moment.type === 'TokenFamilyRevoked' && before?.at(-1)?.type === 'TokenTheftDetected';
    if (endsTheft) before?.push(moment);
    else groups.push([moment]);
  }
  return groups.map((moments) => {
    const at = moments[0]?.at ?? '';
    return { kind: 'moment', at, until: at, moments };
  });
};

const toActionStop = (action: DrawnAction): Stop => ({
  kind: 'action',
  at: action.at,
  until: action.at,
  action,
});

const isQuiet = (story: Story): ((stop: Stop) => boolean) => {
  const { theft, timeline, actions } = story;
  const latest = timeline.reduce((most, { generation }) => Math.max(most, generation ?? 0), 0);
  const turns = [0, 1, latest];
  if (theft !== null) {
    const { presentedGeneration: presented, currentGeneration } = theft;
    turns.push(presented, presented + 1, currentGeneration);
  }
  const matters = ({ type, generation }: Moment): boolean =>
    ALWAYS_SHOWN.includes(type) ||
    (type === 'RefreshTokenRotated' && generation !== null && turns.includes(generation));
  return (stop) => {
    if (stop.kind === 'action') return actions.length > MOST_ACTIONS;
    return !stop.moments.some(matters);
  };
};

const toSpan = (stops: readonly Stop[]): Stop => ({
  kind: 'span',
  at: stops[0]?.at ?? '',
  until: stops.at(-1)?.until ?? '',
  moments: stops.flatMap((stop) => (stop.kind === 'action' ? [] : stop.moments)),
  actions: stops.flatMap((stop) => (stop.kind === 'action' ? [stop.action] : [])),
});

/** The stops of a token family in order: decisive events one by one, long routine runs as a span. */
export const stopsOf = (story: Story): readonly Stop[] => {
  const quiet = isQuiet(story);
  const all = [...gatherMoments(story.timeline), ...story.actions.map(toActionStop)];
  // The sort is stable, so events of the same instant keep the order of the log.
  const sorted = all.toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
  const stops: Stop[] = [];
  let run: Stop[] = [];
  const endRun = () => {
    stops.push(...(run.length < SHORTEST_SPAN ? run : [toSpan(run)]));
    run = [];
  };
  for (const stop of sorted) {
    if (quiet(stop)) {
      run.push(stop);
      continue;
    }
    endRun();
    stops.push(stop);
  }
  endRun();
  return stops;
};

const counted = (count: number, one: string, many: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];

/** The contents of a span, one line for each kind: `37 rotations`. */
export const spanLines = ({ moments, actions }: Extract<Stop, { kind: 'span' }>) => {
  const rotations = moments.filter(({ type }) => type === 'RefreshTokenRotated').length;
  return [
    ...counted(rotations, 'rotation', 'rotations'),
    ...counted(moments.length - rotations, 'other event', 'other events'),
    ...counted(actions.length, 'action', 'actions'),
  ];
};
