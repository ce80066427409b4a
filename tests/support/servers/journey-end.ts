import { expect } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { allTables, composeSystem } from './composed-system.ts';
import { takeServed } from './served-databases.ts';
import { eventStoreSettings } from './test-event-store.ts';

/**
 * Checks at the end of each journey that its tables equal, row by row, those rebuilt from its log.
 */
export const expectTablesToTellTheLog = async (connectionString: string): Promise<void> => {
  const environment = takeServed(connectionString);
  if (environment === undefined) return;
  const store = await eventStoreSettings(environment);
  const system = await composeSystem({ ...environment, ...store }, { connectionString });
  try {
    const { drift } = await system.get(tokens.projections).verify(allTables, () => undefined);
    expect(drift).toStrictEqual([]);
  } finally {
    await system.close();
  }
};
