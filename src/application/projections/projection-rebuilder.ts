import type { ProjectedTableName } from './row-change.ts';

/** One column of one row in which live and rebuilt differ; a missing row differs in its key. */
export type Drift = Readonly<{
  table: string;
  key: Readonly<Record<string, unknown>>;
  column: string;
  live: unknown;
  rebuilt: unknown;
}>;

/** `total` is what the log held when the run began, or more when it has grown since. */
export type RebuildProgress = (events: number, total: number) => void;

export type RebuildReport = Readonly<{
  events: number;
  drift: readonly Drift[];
  /**
   * Number of differing rows that are not listed, there being too many; absent when all are listed.
   */
  furtherRows?: number;
}>;

export type ProjectionStatus = Readonly<{
  /** `rebuild_required`: the tables are younger than the log they should tell. */
  status: 'current' | 'rebuild_required';
  updatedAt: string;
  events: number;
  rows: Readonly<Record<string, number>>;
}>;

/** Both read the whole log while the service serves. @throws ApplicationError `rebuild_running` */
export type ProjectionRebuilder = Readonly<{
  /** Makes the tables what the log says, and reports how they differed. */
  rebuild(
    tables: readonly ProjectedTableName[],
    onProgress: RebuildProgress,
  ): Promise<RebuildReport>;
  /** Reports how the tables differ from what the log says; changes nothing. */
  verify(
    tables: readonly ProjectedTableName[],
    onProgress: RebuildProgress,
  ): Promise<RebuildReport>;
  status(): Promise<ProjectionStatus>;
}>;
