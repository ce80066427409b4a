import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import type { StreamCategory } from '../../application/kernel/event-store.ts';
import type { PersonalFields } from './personal-fields.ts';

type Data = Readonly<Record<string, unknown>>;

/** One schema version of an event type. Versions count from 1 and are never removed. */
export type EventVersion = Readonly<{
  schema: TSchema;
  personal: PersonalFields;
  /** Converts this version's data to the next version's; absent on the latest. */
  upcast?: (data: Data) => Data;
}>;

/** The stream category and all versions of an event type. */
export type EventDefinition = Readonly<{
  category: StreamCategory;
  versions: readonly [EventVersion, ...EventVersion[]];
}>;

/** Event definitions by event type. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;

/** Defines an event type; the compiler checks that the latest schema yields `Event`'s data. */
export const defineEvent =
  <Event extends { data: object }>() =>
  <Schema extends TSchema>(
    category: StreamCategory,
    schema: Static<Schema> extends Event['data'] ? Schema : never,
    personal: Partial<Record<keyof Event['data'], unknown>> = {},
    earlier: readonly Required<EventVersion>[] = [],
  ): EventDefinition => {
    const [first, ...rest] = [...earlier, { schema, personal: { ...personal } }];
    if (first === undefined) throw new TypeError('an event has at least one version');
    return { category, versions: [first, ...rest] };
  };

/** An event whose type, version or data does not match its definition. */
export class EventSchemaError extends Error {
  constructor(type: string, problem: string) {
    super(`${type}: ${problem}`);
    this.name = 'EventSchemaError';
  }
}

/** The definitions of all event types; see `createEventRegistry`. */
export type EventRegistry = ReturnType<typeof createEventRegistry>;

/** Looks up, validates and upcasts event types. All functions throw `EventSchemaError`. */
export const createEventRegistry = (definitions: EventDefinitions) => {
  const validators = new Map<string, (data: unknown) => string | undefined>();

  const definition = (type: string): EventDefinition => {
    const found = Object.hasOwn(definitions, type) ? definitions[type] : undefined;
    if (found === undefined) throw new EventSchemaError(type, 'unknown event type');
    return found;
  };

  const latest = (type: string): EventVersion => {
    const version = definition(type).versions.at(-1);
    if (version === undefined) throw new EventSchemaError(type, 'no version');
    return version;
  };

  const versionOf = (type: string, version: number): EventVersion => {
    const found = definition(type).versions[version - 1];
    if (found === undefined) throw new EventSchemaError(type, `unknown version ${version}`);
    return found;
  };

  /** Compiles on first use: most processes meet few event types. */
  const validator = (type: string) => {
    const known = validators.get(type);
    if (known !== undefined) return known;
    const compiled = Compile(latest(type).schema);
    const made = (data: unknown) => {
      if (compiled.Check(data)) return undefined;
      const [error] = compiled.Errors(data);
      // The message names the path, never the value: values may be personal.
      return `${error?.instancePath || '/'} ${error?.message ?? 'is invalid'}`;
    };
    validators.set(type, made);
    return made;
  };

  const validate = (type: string, data: Data): Data => {
    const problem = validator(type)(data);
    if (problem !== undefined) throw new EventSchemaError(type, problem);
    return data;
  };

  return {
    types: Object.keys(definitions),
    /** The version under which a new event is stored. */
    currentVersion: (type: string): number => definition(type).versions.length,
    personalFields: (type: string, version: number): PersonalFields =>
      versionOf(type, version).personal,
    /**
     * Checks before an append that the event belongs to its stream and matches its latest schema.
     */
    requireValid: (category: StreamCategory, type: string, data: Data): void => {
      if (definition(type).category !== category) {
        throw new EventSchemaError(type, `does not belong to a ${category} stream`);
      }
      validate(type, data);
    },
    /** Upcasts data that was read to the latest version and validates it there. */
    upcast: (type: string, version: number, data: Data): Data => {
      const stored = versionOf(type, version);
      const { versions } = definition(type);
      const upcasters = versions.slice(versions.indexOf(stored)).map(({ upcast }) => upcast);
      return validate(
        type,
        upcasters.reduce((current, upcast) => upcast?.(current) ?? current, data),
      );
    },
  };
};
