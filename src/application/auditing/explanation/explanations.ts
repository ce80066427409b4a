import type { SessionPolicy } from '../../sessions/session-policy.ts';
import { createFindMoment } from '../history/as-of-moment.ts';
import { createReadPast } from '../history/as-of-streams.ts';
import type { HistoryDependencies } from '../history/histories.ts';
import { createExplainAccessToken } from './explain-access-token.ts';
import { createExplainFamily } from './explain-family.ts';
import { createFindCauses } from './explain-revocation.ts';
import { createExplainRoute } from './explain-route.ts';
import { createExplainSignIn } from './explain-sign-in.ts';
import type { FindRoute } from './route-access.ts';

type Dependencies = HistoryDependencies &
  Readonly<{ findRoute: FindRoute; policy: Pick<SessionPolicy, 'lockout'> }>;

export type Explanations = ReturnType<typeof createExplanations>;

/** Explains why tokens, sign-ins and requests are or were refused. */
export const createExplanations = ({
  eventStore,
  events,
  audits,
  clock,
  findRoute,
  policy,
}: Dependencies) => {
  const findMoment = createFindMoment({ events, clock });
  const readPast = createReadPast({ eventStore });
  const findCauses = createFindCauses({ readPast });
  return {
    explainFamily: createExplainFamily({ findMoment, readPast, findCauses }),
    explainAccessToken: createExplainAccessToken({ findMoment, readPast, findCauses }),
    explainSignIn: createExplainSignIn({ findMoment, readPast, policy }),
    explainRoute: createExplainRoute({ findMoment, readPast, audits, findRoute }),
  };
};
