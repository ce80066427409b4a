import { createChangePassword } from '../application/credentials/change-password.ts';
import { createConfirmEmail } from '../application/credentials/confirm-email.ts';
import { createConfirmEmailChange } from '../application/credentials/confirm-email-change.ts';
import { createRequestEmailChange } from '../application/credentials/request-email-change.ts';
import { createRequestEmailVerification } from '../application/credentials/request-email-verification.ts';
import { createRequestPasswordReset } from '../application/credentials/request-password-reset.ts';
import { createResetPassword } from '../application/credentials/reset-password.ts';
import { createStepUp } from '../application/credentials/step-up.ts';
import { createUndoEmailChange } from '../application/credentials/undo-email-change.ts';
import { createUseEmailLink } from '../application/credentials/use-email-link.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const provideMailLinks: CompositionModule = (provide) => {
  provide(tokens.mailRequests, (get) => {
    const dependencies = {
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      oneTimeTokens: get(tokens.oneTimeTokens),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
    };
    return {
      requestEmailVerification: createRequestEmailVerification(dependencies),
      requestPasswordReset: createRequestPasswordReset(dependencies),
    };
  });
  provide(tokens.useEmailLink, (get) => {
    const dependencies = {
      commands: get(tokens.commands),
      oneTimeTokens: get(tokens.oneTimeTokens),
      identifiers: get(tokens.identifiers),
      claimRequestedIdentifiers: get(tokens.claimRequestedIdentifiers),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    };
    return createUseEmailLink({
      oneTimeTokens: dependencies.oneTimeTokens,
      confirmEmail: createConfirmEmail(dependencies),
      confirmEmailChange: createConfirmEmailChange(dependencies),
      undoEmailChange: createUndoEmailChange(dependencies),
    });
  });
  provide(tokens.resetPassword, (get) =>
    createResetPassword({
      commands: get(tokens.commands),
      acceptPassword: get(tokens.acceptPassword),
      passwords: get(tokens.passwords),
      oneTimeTokens: get(tokens.oneTimeTokens),
      claimRequestedIdentifiers: get(tokens.claimRequestedIdentifiers),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
  );
};

/** Registers step-up, and the changes of passwords and e-mail addresses. */
export const provideCredentials: CompositionModule = (provide, config, environment) => {
  provideMailLinks(provide, config, environment);
  provide(tokens.stepUp, (get) =>
    createStepUp({
      commands: get(tokens.commands),
      accounts: get(tokens.accounts),
      sessions: get(tokens.sessions),
      passwords: get(tokens.passwords),
      respondInConstantTime: get(tokens.respondInConstantTime),
      clock: get(tokens.clock),
      policy: config.session,
    }),
  );
  provide(tokens.credentials, (get) => ({
    readProfile: get(tokens.readProfile),
    changePassword: createChangePassword({
      acceptPassword: get(tokens.acceptPassword),
      stepUp: get(tokens.stepUp),
      passwords: get(tokens.passwords),
      endSessionsAlongWith: get(tokens.endSessionsAlongWith),
      clock: get(tokens.clock),
    }),
    requestEmailChange: createRequestEmailChange({
      commands: get(tokens.commands),
      stepUp: get(tokens.stepUp),
      oneTimeTokens: get(tokens.oneTimeTokens),
      clock: get(tokens.clock),
    }),
  }));
};
