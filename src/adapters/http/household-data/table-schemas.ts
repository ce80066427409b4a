import { type TSchema, Type } from '@fastify/type-provider-typebox';
import type {
  FieldValues,
  HouseholdRecord,
} from '../../../application/household-data/household-scope.ts';
import type {
  Field,
  TableDeclaration,
} from '../../../application/household-data/table-declaration.ts';
import { NextCursor, pageParameters } from '../lists/list-page.ts';
import { strictObject } from '../schemas/schemas.ts';
import { inputSchema, outputSchema, RecordId } from './field-schemas.ts';
import { tableNames } from './table-names.ts';

const isOptional = (field: Field): boolean => field.required !== true && field.kind !== 'boolean';

const orNull = (field: Field): TSchema =>
  isOptional(field)
    ? Type.Union([inputSchema(field), Type.Null()], { description: field.description })
    : inputSchema(field);

const mapValues = <From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));

const creator = RecordId('The user who created the record');
const Instant = (description: string) => Type.String({ format: 'date-time', description });

const recordSchema = ({ fields }: TableDeclaration) =>
  Type.Unsafe<HouseholdRecord>(
    Type.Object({
      id: Type.String(),
      householdId: Type.String(),
      userId: Type.Union([Type.String(), Type.Null()], {
        description: 'The user who created the record; null once that account is erased',
      }),
      ...mapValues(fields, outputSchema),
      createdAt: Instant('When the record was created'),
      updatedAt: Instant('When the record was last changed'),
    }),
  );

const creationSchema = ({ fields }: TableDeclaration) =>
  Type.Unsafe<FieldValues>(
    strictObject(
      mapValues(fields, (field) =>
        field.required === true ? inputSchema(field) : Type.Optional(orNull(field)),
      ),
    ),
  );

const changeSchema = ({ fields }: TableDeclaration) =>
  Type.Unsafe<FieldValues>(
    Type.Object(
      mapValues(fields, (field) => Type.Optional(orNull(field))),
      { additionalProperties: false, minProperties: 1 },
    ),
  );

const filterSchemas = ({ fields, filters }: TableDeclaration): Record<string, TSchema> => {
  const schemaOf = (name: string): TSchema => {
    const field = fields[name];
    return Type.Optional(field === undefined ? creator : inputSchema(field));
  };
  const equal = filters.equal.map((name) => [name, schemaOf(name)] as const);
  const range = Object.entries(filters.range ?? {}).flatMap(([name, parameters]) =>
    parameters.map((parameter) => [parameter, schemaOf(name)] as const),
  );
  return Object.fromEntries([...equal, ...range]);
};

type ListQuery = FieldValues & Readonly<{ limit?: number; cursor?: string }>;

/** The schemas of everything that the routes of a table accept and answer. */
export const tableSchemas = (table: TableDeclaration) => {
  const record = recordSchema(table);
  return {
    id: strictObject({ id: RecordId('Id of the record') }),
    query: Type.Unsafe<ListQuery>(strictObject({ ...filterSchemas(table), ...pageParameters })),
    creation: creationSchema(table),
    change: changeSchema(table),
    record,
    page: Type.Unsafe<Readonly<Record<string, unknown>>>(
      Type.Object({ [tableNames(table).items]: Type.Array(record), nextCursor: NextCursor }),
    ),
  };
};
