import type { MasterKey } from '../adapters/system/master-key.ts';
import type { Config } from '../configuration/config.ts';
import type { Token } from './system-tokens.ts';

/** What only a running process knows. */
export type RuntimeEnvironment = Readonly<{
  connectionString: string;
  masterKeys: readonly [current: MasterKey, ...previous: MasterKey[]];
  log: (line: string) => void;
}>;

/** Says how the one instance of something is made, once somebody asks for it. */
export type Provide = <T>(
  token: Token<T>,
  make: (get: <D>(dependency: Token<D>) => D) => NoInfer<T>,
) => void;

/** One part of the table of contents. */
export type CompositionModule = (
  provide: Provide,
  config: Config,
  surroundings: RuntimeEnvironment,
) => void;
