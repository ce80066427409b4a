import type { Credentials } from '../../adapters/http/routes/credentials/credentials-routes.ts';
import type { RequestEmailVerification } from '../../application/credentials/request-email-verification.ts';
import type { RequestPasswordReset } from '../../application/credentials/request-password-reset.ts';
import type { ResetPassword } from '../../application/credentials/reset-password.ts';
import type { StepUp } from '../../application/credentials/step-up.ts';
import type { UseEmailLink } from '../../application/credentials/use-email-link.ts';
import { token } from './token.ts';

export const credentialsTokens = {
  stepUp: token<StepUp>('StepUp'),
  mailRequests:
    token<
      Readonly<{
        requestEmailVerification: RequestEmailVerification;
        requestPasswordReset: RequestPasswordReset;
      }>
    >('MailRequests'),
  useEmailLink: token<UseEmailLink>('UseEmailLink'),
  resetPassword: token<ResetPassword>('ResetPassword'),
  credentials: token<Credentials>('Credentials'),
} as const;
