/** What came after an adoption, and goes when the database is given back. */
export type DataLoss = Readonly<{
  /** Events that the adoption did not write, by type. */
  events: Readonly<Record<string, number>>;
  /** Accounts made since. */
  users: number;
  /** Rows the old tables cannot hold, by table. */
  rows: Readonly<Record<string, number>>;
}>;

export type Discard = Readonly<{ events: boolean; changes: boolean }>;

export type RollbackReport = Readonly<{
  outcome: 'rolled_back' | 'refused';
  /** What is lost, or would be. */
  losses: DataLoss;
}>;

/** Whether nothing is lost but what may be. */
export const mayRollBack = ({ events, users, rows }: DataLoss, discard: Discard): boolean => {
  const isHistory = Object.keys(events).length > 0 || users > 0;
  const isData = Object.values(rows).some((count) => count > 0);
  return (discard.events || !isHistory) && (discard.changes || !isData);
};
