export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

const HEAD = `--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;`;

const FOOT = `--
-- PostgreSQL database dump complete
--
`;

const literal = (value: Value): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value).toUpperCase();

/** What `pg_dump --rows-per-insert` writes: the rows in the order in which they lie in the table. */
export const insertRows = (table: string, rows: readonly Row[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map(
    (row) => `\t(${columns.map((name) => literal(row[name] ?? null)).join(', ')})`,
  );
  return `INSERT INTO public.${table} (${columns.join(', ')}) VALUES\n${lines.join(',\n')};`;
};

export const setSequence = (sequence: string, lastValue: number): string =>
  `SELECT pg_catalog.setval('public.${sequence}', ${lastValue}, true);`;

/** Objects, rows and constraints in the order in which pg_dump has them. */
export const dumpText = (...parts: readonly string[]): string =>
  `${[HEAD, ...parts.map((part) => part.trim()), FOOT].join('\n\n')}`;
