/** The data since an adoption that a rollback deletes. */
export type DataLoss = Readonly<{
  /** Events that the adoption did not write, by type. */
  events: Readonly<Record<string, number>>;
  /** The number of accounts created since. */
  users: number;
  /** The number of rows that the old tables cannot hold, by table. */
  rows: Readonly<Record<string, number>>;
}>;

export type Discard = Readonly<{ events: boolean; changes: boolean }>;

export type RollbackReport = Readonly<{
  outcome: 'rolled_back' | 'refused';
  /** The data that is lost, or would be. */
  losses: DataLoss;
}>;

/** Whether `discard` allows every data loss. */
export const mayRollBack = ({ events, users, rows }: DataLoss, discard: Discard): boolean => {
  const isHistory = Object.keys(events).length > 0 || users > 0;
  const isData = Object.values(rows).some((count) => count > 0);
  return (discard.events || !isHistory) && (discard.changes || !isData);
};
