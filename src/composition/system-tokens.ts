import { accountsTokens } from './tokens/accounts-tokens.ts';
import { adaptersTokens } from './tokens/adapters-tokens.ts';
import { administrationTokens } from './tokens/administration-tokens.ts';
import { adoptingTokens } from './tokens/adopting-tokens.ts';
import { auditingTokens } from './tokens/auditing-tokens.ts';
import { credentialsTokens } from './tokens/credentials-tokens.ts';
import { erasureTokens } from './tokens/erasure-tokens.ts';
import { eventLogTokens } from './tokens/event-log-tokens.ts';
import { householdDataTokens } from './tokens/household-data-tokens.ts';
import { householdsTokens } from './tokens/households-tokens.ts';
import { identityTokens } from './tokens/identity-tokens.ts';
import { importingTokens } from './tokens/importing-tokens.ts';
import { kernelTokens } from './tokens/kernel-tokens.ts';
import { mailTokens } from './tokens/mail-tokens.ts';
import { projectionsTokens } from './tokens/projections-tokens.ts';
import { sessionsTokens } from './tokens/sessions-tokens.ts';

/** The keys of all that the container can build, gathered from one file per room. */
export const tokens = {
  ...adaptersTokens,
  ...kernelTokens,
  ...projectionsTokens,
  ...identityTokens,
  ...householdDataTokens,
  ...sessionsTokens,
  ...credentialsTokens,
  ...accountsTokens,
  ...administrationTokens,
  ...householdsTokens,
  ...importingTokens,
  ...adoptingTokens,
  ...auditingTokens,
  ...mailTokens,
  ...erasureTokens,
  ...eventLogTokens,
} as const;
