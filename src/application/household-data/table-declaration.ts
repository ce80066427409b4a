import { camelCase, snakeCase } from './declared-names.ts';

type Common = Readonly<{
  description: string;
  /** Every row has one; without it a field may be null. */
  required?: true;
}>;

/** The type of a field, and how it is written in JSON. */
export type Field = Common &
  (
    | Readonly<{
        kind: 'text';
        /** Length in characters. */
        maxLength: number;
        /** A regular expression for the whole text. */
        pattern?: string;
        /** Line breaks are welcome; else it is one line, and not blank. */
        multiline?: true;
      }>
    | Readonly<{ kind: 'oneOf'; values: readonly [string, ...string[]] }>
    /** A JSON number without a fraction, as large as JavaScript holds exactly; `bigint`. */
    | Readonly<{ kind: 'integer' }>
    /** `2026-02-28` */
    | Readonly<{ kind: 'date' }>
    /** RFC 3339 with an offset; comes back in UTC. */
    | Readonly<{ kind: 'instant' }>
    /** Whether it is required. */
    | Readonly<{ kind: 'boolean'; default: boolean }>
    /**
     * The id of a row of that table, in the same household. A required one keeps what it refers to
     * from being deleted; else it is null once that is gone.
     */
    | Readonly<{ kind: 'reference'; table: string }>
    /** The id of a member of the household; null once that member is gone. */
    | Readonly<{ kind: 'member' }>
  );

/** The fields that a list can be filtered by. */
type Filters = Readonly<{
  /** Fields, or `userId`, that must be equal. */
  equal: readonly string[];
  /** Fields with an order, and the names of the parameters for the lowest and the highest value. */
  range?: Readonly<Record<string, readonly [from: string, to: string]>>;
}>;

type Declared = Readonly<{
  /** The name in the database; plural, snake_case. */
  name: string;
  /** One row, snake_case: for names of operations. */
  singular: string;
  /** The prefix of ids for new rows (TypeID). */
  idPrefix: string;
  fields: Readonly<Record<string, Field>>;
  filters: Filters;
}>;

/** A table that belongs to households, as its routes, its queries and its check at start know it. */
export type TableDeclaration = Declared &
  Readonly<{
    /** The names of all fields, including those that the server sets. */
    columns: Readonly<Record<string, string>>;
  }>;

/** Fields of every table that only the server sets. `userId`: who created the row. */
export const serverFields = ['id', 'householdId', 'userId', 'createdAt', 'updatedAt'] as const;

/** Query parameters that lists of every table accept. */
const LIST_PARAMETERS = ['limit', 'cursor'];

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/;
const CAMEL_CASE = /^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$/;

/** Names of constraints and indexes are made of it, and cut off beyond 63 characters. */
const isTableName = (name: string): boolean => SNAKE_CASE.test(name) && name.length <= 40;

/** A declared name may not become another column later. */
const isFieldName = (name: string): boolean =>
  CAMEL_CASE.test(name) && camelCase(snakeCase(name)) === name;

const mistakesIn = ({ name, singular, idPrefix, fields, filters }: Declared): readonly string[] => {
  const names = Object.keys(fields);
  const ranges = filters.range ?? {};
  const parameters = [...filters.equal, ...Object.values(ranges).flat(), ...LIST_PARAMETERS];
  const filtered = [...filters.equal, ...Object.keys(ranges)];
  return [
    ...[name, singular].filter((word) => !isTableName(word)),
    ...(/^[a-z]{1,20}$/.test(idPrefix) ? [] : [idPrefix]),
    ...names.filter((field) => !isFieldName(field)),
    ...names.filter((field) => (serverFields as readonly string[]).includes(field)),
    ...filtered.filter((field) => field !== 'userId' && !names.includes(field)),
    ...parameters.filter((parameter, place) => parameters.indexOf(parameter) !== place),
  ];
};

/** @throws TypeError for names that cannot be used, or mean two things */
export const declareTable = (declared: Declared): TableDeclaration => {
  const mistakes = mistakesIn(declared);
  if (mistakes.length > 0) {
    throw new TypeError(`${declared.name} cannot be declared with ${mistakes.join(', ')}`);
  }
  const names = [...serverFields, ...Object.keys(declared.fields)];
  return {
    ...declared,
    columns: Object.fromEntries(names.map((field) => [field, snakeCase(field)])),
  };
};
