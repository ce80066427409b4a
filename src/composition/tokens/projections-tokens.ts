import type { Queryable } from '../../adapters/postgres/connection/connection.ts';
import type { ProjectionRebuilder } from '../../application/projections/projection-rebuilder.ts';
import type { OpenRebuildSource } from '../../application/projections/rebuild-source.ts';
import { token } from './token.ts';

export const projectionsTokens = {
  openRebuildSource: token<OpenRebuildSource<Queryable>>('OpenRebuildSource'),
  projections: token<ProjectionRebuilder>('ProjectionRebuilder'),
} as const;
