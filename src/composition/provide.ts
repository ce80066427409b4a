import type { MasterKey } from '../adapters/system/master-key.ts';
import type { Config } from '../configuration/config.ts';
import type { Token } from './tokens/token.ts';

/** What a module needs of the running process besides the configuration. */
export type RuntimeEnvironment = Readonly<{
  connectionString: string;
  masterKeys: readonly [current: MasterKey, ...previous: MasterKey[]];
  log: (line: string) => void;
}>;

/** Registers a factory for the single instance behind a token; it runs at the first resolution. */
export type Provide = <T>(
  token: Token<T>,
  make: (get: <D>(dependency: Token<D>) => D) => NoInfer<T>,
) => void;

/** Registers one room or one group of adapters. */
export type CompositionModule = (
  provide: Provide,
  config: Config,
  environment: RuntimeEnvironment,
) => void;
