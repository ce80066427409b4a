import type { AdoptDatabase } from '../../application/adopting/adopt-database.ts';
import type { AdoptionFollowUp } from '../../application/adopting/adoption-follow-up.ts';
import { token } from './token.ts';

export const adoptingTokens = {
  adoptDatabase: token<AdoptDatabase>('AdoptDatabase'),
  adoptionFollowUp: token<AdoptionFollowUp>('AdoptionFollowUp'),
} as const;
