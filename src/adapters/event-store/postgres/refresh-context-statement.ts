import { principalColumns } from '../../postgres/identity/principal-row.ts';
import { fromStreams } from './postgres-stream-read.ts';

/**
 * Builds the statement that reads a token family's stream and its user's current row. Its
 * parameters are the stream's name, the snapshot version to use and the family's id.
 * @param headColumns of the stream, given `streams AS s` and `subject_keys AS k`
 */
export const refreshContextStatement = (headColumns: string) => ({
  name: 'read_refresh_context',
  text: `SELECT ${headColumns}, ${principalColumns}
    FROM ${fromStreams}
    LEFT JOIN sessions AS f ON f.id = $3::uuid
    LEFT JOIN users AS u ON u.id = f.user_id
    LEFT JOIN household_members AS m ON m.household_id = f.household_id AND m.user_id = u.id
    WHERE s.stream_id = $1`,
});
