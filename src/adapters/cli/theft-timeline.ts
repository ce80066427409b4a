import type { TheftReplay } from '../../application/auditing/theft-replay.ts';
import type { TimelineEntry } from '../../application/auditing/theft-timeline-entries.ts';
import { formatTable } from './output.ts';

const CAUSES = {
  older_generation: 'a token two or more rotations old was presented',
  other_client: 'another client presented the token before the live one',
  after_grace: 'the token before the live one was presented after the grace window',
} as const;

const what = (entry: TimelineEntry): string => {
  const minted = entry.accessToken === null ? '' : `, access token .${entry.accessToken}`;
  switch (entry.type) {
    case 'TokenFamilyStarted':
      return `signed in: generation 0 issued${minted}`;
    case 'RefreshTokenRotated':
      return `generation ${entry.generation} issued${minted}`;
    case 'RefreshTokenReplayed':
      return `generation ${entry.generation} handed out again${minted}`;
    case 'TokenTheftDetected':
      return `THEFT: generation ${entry.generation} presented`;
    case 'ActiveHouseholdSwitched':
      return `switched to another household${minted}`;
    case 'AccessTokenRevoked':
      return `access token .${entry.accessToken} revoked`;
    case 'TokenFamilyRevoked':
      return 'family revoked';
  }
};

/** A user agent is the thief's own words: none of them may talk to the auditor's terminal. */
export const harmless = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

const who = ({ ip, userAgent }: { ip: string | null; userAgent: string | null }): string =>
  [ip, userAgent]
    .flatMap((part) => (part === null || part === '' ? [] : harmless(part)))
    .join('  ') || '-';

const verdict = ({ theft, revocation }: TheftReplay): readonly string[] => {
  if (theft === null) {
    return [
      'Verdict   no theft',
      ...(revocation === null ? [] : [`Revoked   ${revocation.at}  ${revocation.reason}`]),
    ];
  }
  return [
    `Verdict   theft at ${theft.at}: ${CAUSES[theft.cause]}`,
    `          presented generation ${theft.presentedGeneration}, live generation ${theft.currentGeneration}, superseded ${theft.ageSeconds} s or more`,
    `          presenter     ${who(theft.presenter)}`,
    `          live holder   ${who(theft.holder)}`,
    ...(revocation === null ? [] : [`Revoked   ${revocation.at}  ${revocation.reason}`]),
  ];
};

/** The story of a token family, as text. */
export const formatTheftTimeline = (replay: TheftReplay): string =>
  [
    `Family    ${replay.familyId}`,
    `User      ${replay.userId}`,
    ...verdict(replay),
    `Chain     ${replay.chain.intact ? 'intact' : `BROKEN at event ${replay.chain.firstBroken}`}`,
    '',
    formatTable([
      ['#', 'when', 'what', 'actor', 'from'],
      ...replay.timeline.map((entry) => [
        entry.revision,
        entry.at,
        what(entry),
        entry.actor,
        who(entry),
      ]),
    ]),
  ].join('\n');
