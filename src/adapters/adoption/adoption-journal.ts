import type { AdoptionState } from '../../application/adopting/adoptable-database.ts';
import type { AdoptionOptions, AdoptionPlan } from '../../application/adopting/adoption-plan.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

export type AdoptionStep = Readonly<{ step: string; undo: readonly string[] }>;

/** Statements that revert a step, in the order in which they run. */
export type Undo = readonly string[];

const CREATE = `
  CREATE SCHEMA latchkey_adoption;
  CREATE TABLE latchkey_adoption.state (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    id uuid NOT NULL,
    phase text NOT NULL CHECK (phase IN ('preparing', 'adopted', 'finished')),
    options jsonb NOT NULL,
    -- What was found and decided before the first change.
    plan jsonb,
    started_at timestamptz NOT NULL DEFAULT now(),
    adopted_at timestamptz
  );
  CREATE TABLE latchkey_adoption.steps (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    step text NOT NULL UNIQUE,
    -- Statements that revert the step.
    undo jsonb NOT NULL
  );
  CREATE TABLE latchkey_adoption.fillings (
    table_name text PRIMARY KEY,
    -- Pages of the table's file that are filled, and their total.
    done bigint NOT NULL,
    pages bigint NOT NULL
  )`;

const READ = `SELECT id, phase, options, plan, started_at AS "startedAt", adopted_at AS "adoptedAt"
  FROM latchkey_adoption.state`;

export const adoptionExists = async (connection: Queryable): Promise<boolean> => {
  const [row] = await connection.query<{ found: boolean }>({
    text: `SELECT to_regclass('latchkey_adoption.state') IS NOT NULL AS found`,
  });
  return row?.found === true;
};

export const readState = async (connection: Queryable): Promise<AdoptionState | undefined> => {
  if (!(await adoptionExists(connection))) return undefined;
  const [state] = await connection.query<AdoptionState>({ text: READ });
  return state;
};

/** Creates the journal. Every change is recorded there first, in the same transaction. */
export const beginJournal = async (
  connection: Queryable,
  id: string,
  options: AdoptionOptions,
): Promise<void> => {
  await connection.query({ text: CREATE });
  await connection.query({
    text: `INSERT INTO latchkey_adoption.state (id, phase, options) VALUES ($1, 'preparing', $2)`,
    values: [id, JSON.stringify(options)],
  });
};

export const writePlan = async (connection: Queryable, plan: AdoptionPlan): Promise<void> => {
  await connection.query({
    text: 'UPDATE latchkey_adoption.state SET plan = $1',
    values: [JSON.stringify(plan)],
  });
};

export const markAdopted = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `UPDATE latchkey_adoption.state SET phase = 'adopted', adopted_at = now()`,
  });
};

export const isDone = async (connection: Queryable, step: string): Promise<boolean> => {
  const rows = await connection.query({
    text: 'SELECT FROM latchkey_adoption.steps WHERE step = $1',
    values: [step],
  });
  return rows.length > 0;
};

export const recordStep = async (
  connection: Queryable,
  step: string,
  undo: Undo,
): Promise<void> => {
  await connection.query({
    text: 'INSERT INTO latchkey_adoption.steps (step, undo) VALUES ($1, $2)',
    values: [step, JSON.stringify(undo)],
  });
};

/** Reads the steps, the latest first: the order in which they are reverted. */
export const stepsBackwards = (connection: Queryable): Promise<readonly AdoptionStep[]> =>
  connection.query<AdoptionStep>({
    text: 'SELECT step, undo FROM latchkey_adoption.steps ORDER BY number DESC',
  });
