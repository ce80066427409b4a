import 'reflect-metadata'; // tsyringe refuses to load without it, decorators or not
import { instanceCachingFactory, container as rootContainer } from 'tsyringe';
import { createArgon2PasswordHasher } from '../adapters/hashing/argon2-password-hasher.ts';
import { createCommonPasswords } from '../adapters/hashing/common-passwords.ts';
import type { Config } from '../configuration/config.ts';
import type { Provide, RuntimeEnvironment } from './provide.ts';
import { provideAdapters } from './provide-adapters.ts';
import { provideAdmin } from './provide-administration.ts';
import { provideAdoption } from './provide-adopting.ts';
import { provideAudit } from './provide-auditing.ts';
import { provideErasure } from './provide-erasure.ts';
import { provideEvidence } from './provide-evidence.ts';
import { provideHouseholdData } from './provide-household-data.ts';
import { provideHouseholds } from './provide-households.ts';
import { provideHttp } from './provide-http.ts';
import { provideImport } from './provide-importing.ts';
import { provideMail } from './provide-mail.ts';
import { provideOAuth } from './provide-oauth.ts';
import { provideTheftAudit } from './provide-theft-audit.ts';
import { provideUseCases } from './provide-use-cases.ts';
import { type Token, tokens } from './system-tokens.ts';

/** Waiting sign-ins beyond this are refused at once: they would time out in the queue. */
const PASSWORD_QUEUE = 200;

/** The whole system, chapter by chapter: who is made of what. Nothing is opened yet. */
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
  provide(tokens.passwordBlocklist, createCommonPasswords);
  for (const module of [
    provideAdapters,
    provideUseCases,
    provideHouseholds,
    provideMail,
    provideOAuth,
    provideAdmin,
    provideEvidence,
    provideTheftAudit,
    provideAudit,
    provideErasure,
    provideImport,
    provideAdoption,
    provideHouseholdData,
    provideHttp,
  ]) {
    module(provide, config, environment);
  }
  return (wanted) => container.resolve(wanted);
};
