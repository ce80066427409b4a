import type {
  Field,
  TableDeclaration,
} from '../../../src/application/household-data/table-declaration.ts';
import type { HttpClient } from '../servers/http-client.ts';
import type { Person } from './household-people.ts';

export type Json = string | number | boolean | null;
export type Body = Readonly<Record<string, Json>>;
/** A row as the API shows it. */
export type Shown = Body & Readonly<{ id: string }>;

const PATTERNS: Readonly<Record<string, readonly [string, string]>> = {
  '^[A-Z]{3}$': ['EUR', 'CHF'],
};

/** Two values of a field that is no reference, as the API returns them. */
const valuesOf = (field: Field): readonly [Json, Json] | undefined => {
  switch (field.kind) {
    case 'text':
      return field.pattern === undefined
        ? ["Bread & 'butter'", 'Käse 🧀']
        : PATTERNS[field.pattern];
    case 'oneOf':
      return [field.values[0], field.values.at(-1) ?? null];
    case 'integer':
      return [-1250, Number.MAX_SAFE_INTEGER];
    case 'date':
      return ['2024-02-29', '2025-12-31'];
    case 'instant':
      return ['2026-01-02T03:04:05.678Z', '2026-06-30T23:59:59.000Z'];
    case 'boolean':
      return [true, false];
    case 'reference':
    case 'member':
      return undefined;
  }
};

export const pathOf = ({ name }: TableDeclaration): string => `/v1/${name.replaceAll('_', '-')}`;

/** Creates rows of any table, with the rows that they refer to. */
export const createSamples = (client: HttpClient, tables: readonly TableDeclaration[]) => {
  const tableNamed = (name: string): TableDeclaration => {
    const found = tables.find((table) => table.name === name);
    if (found === undefined) throw new TypeError(`${name} is not declared`);
    return found;
  };

  const create = async (person: Person, table: TableDeclaration, body: Body): Promise<Shown> => {
    const answer = await client.call('POST', pathOf(table), { body, token: person.token });
    if (answer.status !== 201) throw new Error(`${table.name}: ${answer.status} ${answer.text}`);
    return answer.json as Shown;
  };

  /** Values of every field; `which`: one of two samples. */
  const fullBody = async (person: Person, table: TableDeclaration, which = 0): Promise<Body> => {
    const body: Record<string, Json> = {};
    for (const [name, field] of Object.entries(table.fields)) {
      const values = valuesOf(field);
      if (values !== undefined) body[name] = values[which] ?? null;
      else if (field.kind === 'reference') {
        const target = tableNamed(field.table);
        body[name] = (await create(person, target, await bareBody(person, target))).id;
      } else body[name] = person.id;
    }
    return body;
  };

  /** Values of required fields only. */
  const bareBody = async (person: Person, table: TableDeclaration): Promise<Body> => {
    const required = Object.entries(table.fields).filter(([, field]) => field.required);
    return fullBody(person, { ...table, fields: Object.fromEntries(required) });
  };

  return {
    fullBody,
    bareBody,
    create,
    createBare: async (person: Person, table: TableDeclaration): Promise<Shown> =>
      create(person, table, await bareBody(person, table)),
    createFull: async (person: Person, table: TableDeclaration): Promise<Shown> =>
      create(person, table, await fullBody(person, table)),
  };
};
