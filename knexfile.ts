import { knexConfiguration } from './src/adapters/postgres/connection/migrations.ts';

/** For the knex command line: `DATABASE_URL=postgresql://… npx knex migrate:list`. */
export default knexConfiguration(process.env.DATABASE_URL ?? '');
