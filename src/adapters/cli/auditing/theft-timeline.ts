import type { TheftReplay } from '../../../application/auditing/theft/theft-replay.ts';
import {
  revocationWords,
  summariseFamilyFacts,
  theftCauseWords,
} from '../../../application/sessions/refresh-words.ts';
import { formatTable } from '../output/output.ts';
import { theftSections } from './theft-sections.ts';
import { describeClient, policyWords } from './theft-words.ts';

const verdict = ({ theft }: TheftReplay): readonly string[] => {
  if (theft === null) return ['Verdict   no theft'];
  const { presentedGeneration, currentGeneration, presentedAgeSeconds, supersededSeconds } = theft;
  return [
    `Verdict   theft at ${theft.at}: ${theftCauseWords[theft.cause]}`,
    `          presented generation ${presentedGeneration}, issued ${presentedAgeSeconds} s and superseded ${supersededSeconds} s before; live generation ${currentGeneration}`,
    `          presenter     ${describeClient(theft.presenter)}`,
    `          live holder   ${describeClient(theft.holder)}`,
    `          policy        ${theft.policy === null ? 'not recorded: the current policy is assumed' : policyWords(theft.policy)}`,
  ];
};

const proof = ({ reproduction }: TheftReplay): readonly string[] => {
  const { decisions, firstDeviation: deviation, clients } = reproduction;
  return [
    deviation === null
      ? `Proven    ${decisions} decisions repeated from the log give exactly the recorded events`
      : `Proven    NO: at event ${deviation.revision} the log has ${deviation.recorded.join(', ')}, the repeated decision gives ${deviation.decided.join(', ') || 'nothing'}`,
    ...(clients === 'compared'
      ? []
      : ['          the user is erased: clients are told apart by the recorded verdicts']),
  ];
};

const split = ({ split: found }: TheftReplay): readonly string[] =>
  found === null
    ? []
    : [
        `Split     ${found.at}  generation ${found.generation} issued to ${describeClient(found.holder)}`,
      ];

const ending = ({ revocation, chain }: TheftReplay): readonly string[] => [
  ...(revocation === null
    ? []
    : [`Revoked   ${revocation.at}  ${revocationWords[revocation.reason].short}`]),
  `Chain     ${chain.intact ? 'intact' : `BROKEN at event ${chain.firstBroken}`}`,
];

/** Formats the replay of a token family as text. */
export const formatTheftTimeline = (replay: TheftReplay): string =>
  [
    `Family    ${replay.familyId}`,
    `User      ${replay.userId}`,
    ...verdict(replay),
    ...split(replay),
    ...ending(replay),
    ...proof(replay),
    '',
    formatTable([
      ['#', 'when', 'what', 'actor', 'from'],
      ...replay.timeline.map((entry) => [
        entry.revision,
        entry.at,
        summariseFamilyFacts(entry),
        entry.actor,
        describeClient(entry),
      ]),
    ]),
    ...theftSections(replay),
  ].join('\n');
