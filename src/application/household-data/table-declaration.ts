import { camelCase, snakeCase } from './declared-names.ts';

type Common = Readonly<{
  description: string;
  /** Set if the field cannot be null. */
  required?: true;
}>;

/** A field: its type and its form in JSON. */
export type Field = Common &
  (
    | Readonly<{
        kind: 'text';
        /** Limit in characters. */
        maxLength: number;
        /** A regular expression for the whole text. */
        pattern?: string;
        /** Set if line breaks are allowed; else the text is one line and not blank. */
        multiline?: true;
      }>
    | Readonly<{ kind: 'oneOf'; values: readonly [string, ...string[]] }>
    /** A JSON number without a fraction, as large as JavaScript holds exactly; `bigint`. */
    | Readonly<{ kind: 'integer' }>
    /** `2026-02-28` */
    | Readonly<{ kind: 'date' }>
    /** RFC 3339 with an offset; returned in UTC. */
    | Readonly<{ kind: 'instant' }>
    /** A boolean; never null. */
    | Readonly<{ kind: 'boolean'; default: boolean }>
    /**
     * The id of a row of that table, in the same household. A required reference prevents the
     * deletion of that row; an optional one becomes null.
     */
    | Readonly<{ kind: 'reference'; table: string }>
    /** The id of a member of the household; becomes null when the membership ends. */
    | Readonly<{ kind: 'member' }>
  );

/** The filters of a list. */
type Filters = Readonly<{
  /** Fields, or `userId`, that must be equal. */
  equal: readonly string[];
  /** Fields with an order, and the names of the parameters for the lowest and the highest value. */
  range?: Readonly<Record<string, readonly [from: string, to: string]>>;
}>;

type Declared = Readonly<{
  /** The table's name in the database; plural, snake_case. */
  name: string;
  /** The name of one row, snake_case, for names of operations. */
  singular: string;
  /** The prefix of new rows' ids (TypeID). */
  idPrefix: string;
  fields: Readonly<Record<string, Field>>;
  filters: Filters;
}>;

/** A declared table, from which its routes, queries and start-up check are derived. */
export type TableDeclaration = Declared &
  Readonly<{
    /** Column names by field, including the fields that the server sets. */
    columns: Readonly<Record<string, string>>;
  }>;

/** Fields of every table that only the server sets. `userId`: the user who created the row. */
export const serverFields = ['id', 'householdId', 'userId', 'createdAt', 'updatedAt'] as const;

/** Parameters of every list, which no filter may use. */
const LIST_PARAMETERS = ['limit', 'cursor'];

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/;
const CAMEL_CASE = /^[a-z][a-z0-9]*([A-Z][a-z0-9]*)*$/;

/** Limits the length: PostgreSQL truncates derived constraint and index names at 63 characters. */
const isTableName = (name: string): boolean => SNAKE_CASE.test(name) && name.length <= 40;

/** Checks that converting the name to a column and back results in the same name. */
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

/** Checks and completes a declaration. @throws TypeError for unusable or ambiguous names */
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
