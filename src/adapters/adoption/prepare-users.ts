import type { AdoptionProgress } from '../../application/adopting/adoptable-database.ts';
import { type AdoptionPlan, legacyName } from '../../application/adopting/adoption-plan.ts';
import { ourUserConstraints } from '../../application/adopting/our-names.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import { runAll, takeStep } from './adoption-step.ts';
import { convertTable, dropForeignKeys } from './convert-table.ts';
import { recreateKeysAndIndexes } from './recreate-constraints.ts';
import { quoted } from './sql-names.ts';
import { alter, type Change, undoOf } from './table-changes.ts';

/**
 * The journal's step for everything that the migrations created; its undo is computed on rollback.
 */
export const SCHEMA = 'latchkey: schema';

const renameIndex = (name: string): Change => ({
  apply: `ALTER INDEX ${quoted(name)} RENAME TO ${quoted(legacyName(name))}`,
  undo: `ALTER INDEX ${quoted(legacyName(name))} RENAME TO ${quoted(name)}`,
});

/** Renames indexes, and constraints of `users`, whose names a migration needs. */
export const renameConflicts = (
  connection: Queryable,
  { inTheWay, users }: Pick<AdoptionPlan, 'inTheWay' | 'users'>,
): Promise<void> =>
  takeStep(connection, 'make room', async () => {
    const constraints = users.found.constraints.filter(({ name }) =>
      ourUserConstraints.includes(name),
    );
    const changes = [
      ...inTheWay.map(renameIndex),
      ...constraints.map(({ name }) => ({
        apply: alter('users', `RENAME CONSTRAINT ${quoted(name)} TO ${quoted(legacyName(name))}`),
        undo: alter('users', `RENAME CONSTRAINT ${quoted(legacyName(name))} TO ${quoted(name)}`),
      })),
    ];
    await runAll(
      connection,
      changes.map(({ apply }) => apply),
    );
    return undoOf(changes);
  });

/**
 * Renames old columns of `users` that would conflict with migrations; a numeric key becomes text.
 */
export const prepareUsers = async (
  connection: Queryable,
  { users, tables }: AdoptionPlan,
  onProgress: AdoptionProgress,
): Promise<void> => {
  await dropForeignKeys(connection, [users, ...tables]);
  await convertTable(connection, users, [], onProgress);
  await recreateKeysAndIndexes(connection, users);
  await takeStep(connection, SCHEMA, async () => []);
};
