import type { ProjectedTableName } from './row-change.ts';

/**
 * One column of one row that differs between live and rebuilt; a missing row differs in its key.
 */
export type Drift = Readonly<{
  table: string;
  key: Readonly<Record<string, unknown>>;
  column: string;
  live: unknown;
  rebuilt: unknown;
}>;

/**
 * Receives the progress in events. `total`: those in the log at the start, or more if it has grown.
 */
export type RebuildProgress = (events: number, total: number) => void;

/** The result of a rebuild or a verification. */
export type RebuildReport = Readonly<{
  events: number;
  drift: readonly Drift[];
  /** Number of further rows that differ; absent when `drift` is complete. */
  furtherRows?: number;
}>;

/** The state of the projected tables: number of projected events, and of rows by table. */
export type ProjectionStatus = Readonly<{
  /** `rebuild_required`: the tables were not built from the whole log. */
  status: 'current' | 'rebuild_required';
  updatedAt: string;
  events: number;
  rows: Readonly<Record<string, number>>;
}>;

/** Compares the projected tables with the log while the service serves. */
export type ProjectionRebuilder = Readonly<{
  /**
   * Repairs the tables from the log and reports how they differed.
   * @throws ApplicationError `rebuild_running`
   */
  rebuild(
    tables: readonly ProjectedTableName[],
    onProgress: RebuildProgress,
  ): Promise<RebuildReport>;
  /** Reports how the tables differ from the log. @throws ApplicationError `rebuild_running` */
  verify(
    tables: readonly ProjectedTableName[],
    onProgress: RebuildProgress,
  ): Promise<RebuildReport>;
  status(): Promise<ProjectionStatus>;
}>;
