import type { TheftReplay } from '../../../application/auditing/theft/theft-replay.ts';
import { accessTokenEndWords } from '../../../application/sessions/refresh-words.ts';
import { section } from './history-sections.ts';
import { describeClient, outcomeWords, policyWords } from './theft-words.ts';

const holders = ({ generations }: TheftReplay): readonly string[] =>
  section(
    'Holders of each generation',
    ['generation', 'issued', 'to', 'superseded', 'presented again'],
    generations.map(({ generation, issuedAt, holder, supersededAt, presentedAgain }) => [
      String(generation),
      issuedAt,
      describeClient(holder),
      supersededAt,
      presentedAgain
        .map(
          ({ at, by, outcome }) =>
            `${at} ${describeClient(by)}${outcome === 'theft' ? ' THEFT' : ''}`,
        )
        .join('; ') || null,
    ]),
  );

const accessTokens = ({ accessTokens: all }: TheftReplay): readonly string[] =>
  section(
    'Access tokens minted after the split',
    ['jti', 'generation', 'minted', 'expires', 'valid until', 'ended by'],
    all
      .filter(({ afterSplit }) => afterSplit)
      .map(({ jti, generation, mintedAt, expiresAt, endsAt, end }) => [
        jti,
        String(generation),
        mintedAt,
        expiresAt,
        endsAt,
        accessTokenEndWords[end],
      ]),
  );

const affectedEvents = ({ blastRadius }: TheftReplay): readonly string[] => {
  if (blastRadius === null) return [];
  const { known, events } = blastRadius;
  return [
    ...section(
      'Actions performed with them',
      ['event', 'when', 'what', 'with', 'undo'],
      events.map(({ eventId, at, what, jti, undo, byHand }) => [
        eventId,
        at,
        what,
        jti === null ? 'a link in a mail' : `access token .${jti.split('.').at(-1)}`,
        undo === null ? (byHand ?? 'not needed') : 'yes',
      ]),
    ),
    ...(known
      ? []
      : [
          'Events did not record their access token when this theft began: actions of that time are not known.',
        ]),
  ];
};

const whatIf = ({ whatIf: asked }: TheftReplay): readonly string[] => {
  if (asked === null) return [];
  const { policy, divergence } = asked;
  const heading = `What if: ${policyWords(policy)}`;
  if (divergence === null)
    return ['', heading, 'No difference: every request would have had the same outcome.'];
  const { revision, at, presentedGeneration, was, wouldBe } = divergence;
  return [
    '',
    heading,
    `The first difference is event ${revision}, ${at}: generation ${presentedGeneration} was presented.`,
    `  it was        ${outcomeWords(was)}`,
    `  it would be   ${outcomeWords(wouldBe)}`,
    'The log cannot show what would have happened after that.',
  ];
};

/** Formats the holders, the consequences of a theft and the what-if comparison. */
export const theftSections = (replay: TheftReplay): readonly string[] => [
  ...holders(replay),
  ...(replay.theft === null ? [] : [...accessTokens(replay), ...affectedEvents(replay)]),
  ...whatIf(replay),
];
