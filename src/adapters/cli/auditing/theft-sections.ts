import type { TheftReplay } from '../../../application/auditing/theft/theft-replay.ts';
import { section } from './history-sections.ts';
import { outcomeWords, policyWords, who } from './theft-words.ts';

const holders = ({ generations }: TheftReplay): readonly string[] =>
  section(
    'Who held what',
    ['generation', 'issued', 'to', 'superseded', 'presented again'],
    generations.map(({ generation, issuedAt, holder, supersededAt, presentedAgain }) => [
      String(generation),
      issuedAt,
      who(holder),
      supersededAt,
      presentedAgain
        .map(({ at, by, outcome }) => `${at} ${who(by)}${outcome === 'theft' ? ' THEFT' : ''}`)
        .join('; ') || null,
    ]),
  );

const accessTokens = ({ accessTokens: all }: TheftReplay): readonly string[] =>
  section(
    'Access tokens minted after the split',
    ['jti', 'generation', 'minted', 'expires', 'good until', 'ended by'],
    all
      .filter(({ afterSplit }) => afterSplit)
      .map(({ jti, generation, mintedAt, expiresAt, endsAt, end }) => [
        jti,
        String(generation),
        mintedAt,
        expiresAt,
        endsAt,
        end.replaceAll('_', ' '),
      ]),
  );

const radius = ({ blastRadius }: TheftReplay): readonly string[] => {
  if (blastRadius === null) return [];
  const { known, events } = blastRadius;
  return [
    ...section(
      'What was done with them',
      ['event', 'when', 'what', 'with', 'can it be undone'],
      events.map(({ eventId, at, what, jti, undo, byHand }) => [
        eventId,
        at,
        what,
        jti === null ? 'a link in a mail' : `access token .${jti.split('.').at(-1)}`,
        undo === null ? (byHand ?? 'no need') : 'yes',
      ]),
    ),
    ...(known
      ? []
      : [
          'This theft is from before events said which access token they came with: what was done before that is not known.',
        ]),
  ];
};

const whatIf = ({ whatIf: asked }: TheftReplay): readonly string[] => {
  if (asked === null) return [];
  const { policy, divergence } = asked;
  const heading = `What if: ${policyWords(policy)}`;
  if (divergence === null) return ['', heading, 'The same: no request would have gone otherwise.'];
  const { revision, at, presentedGeneration, was, wouldBe } = divergence;
  return [
    '',
    heading,
    `The first difference is event ${revision}, ${at}: generation ${presentedGeneration} was presented.`,
    `  it was        ${outcomeWords(was)}`,
    `  it would be   ${outcomeWords(wouldBe)}`,
    'What would have happened after that, the log cannot know.',
  ];
};

/** What a theft made of the family; nothing of it where there was none. */
export const theftSections = (replay: TheftReplay): readonly string[] => [
  ...holders(replay),
  ...(replay.theft === null ? [] : [...accessTokens(replay), ...radius(replay)]),
  ...whatIf(replay),
];
