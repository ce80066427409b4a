import 'reflect-metadata'; // tsyringe refuses to load without it, decorators or not
import { instanceCachingFactory, container as rootContainer } from 'tsyringe';
import { createArgon2PasswordHasher } from '../adapters/hashing/argon2-password-hasher.ts';
import type { Config } from '../configuration/config.ts';
import type { Provide, RuntimeEnvironment } from './provide.ts';
import { provideAccounts } from './provide-accounts.ts';
import { provideAdapters } from './provide-adapters.ts';
import { provideAdministration } from './provide-administration.ts';
import { provideAdopting } from './provide-adopting.ts';
import { provideAuditing } from './provide-auditing.ts';
import { provideCredentials } from './provide-credentials.ts';
import { provideErasure } from './provide-erasure.ts';
import { provideEventLog } from './provide-event-log.ts';
import { provideEventStore } from './provide-event-store.ts';
import { provideHouseholdData } from './provide-household-data.ts';
import { provideHouseholds } from './provide-households.ts';
import { provideHttp } from './provide-http.ts';
import { provideIdentity } from './provide-identity.ts';
import { provideImporting } from './provide-importing.ts';
import { provideMail } from './provide-mail.ts';
import { provideOAuth } from './provide-oauth.ts';
import { provideSessions } from './provide-sessions.ts';
import { tokens } from './system-tokens.ts';
import type { Token } from './tokens/token.ts';

/** Waiting sign-ins beyond this are refused at once: they would time out in the queue. */
const PASSWORD_QUEUE = 200;

/** Registers every module and returns the resolver; nothing is connected yet. */
export const compose = async (
  config: Config,
  environment: RuntimeEnvironment,
): Promise<<T>(wanted: Token<T>) => T> => {
  const container = rootContainer.createChildContainer();
  // One instance per container: `useFactory` alone would build a new one at every resolve.
  const provide: Provide = (token, make) =>
    container.register(token, {
      useFactory: instanceCachingFactory((from) => make((dependency) => from.resolve(dependency))),
    });
  const passwords = await createArgon2PasswordHasher({
    workers: config.passwordWorkers,
    maxQueue: PASSWORD_QUEUE,
  });
  provide(tokens.passwords, () => passwords);
  for (const module of [
    provideAdapters,
    provideEventStore,
    provideEventLog,
    provideIdentity,
    provideHouseholdData,
    provideSessions,
    provideCredentials,
    provideAccounts,
    provideAdministration,
    provideHouseholds,
    provideImporting,
    provideAdopting,
    provideAuditing,
    provideMail,
    provideErasure,
    provideOAuth,
    provideHttp,
  ]) {
    module(provide, config, environment);
  }
  return (wanted) => container.resolve(wanted);
};
