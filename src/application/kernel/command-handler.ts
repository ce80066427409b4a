import { type DomainEvent, fold } from '../../domain/decider.ts';
import type { Aggregate, TimedCommand } from './aggregate.ts';
import { ApplicationError } from './errors.ts';
import {
  type EventStore,
  noStream,
  RevisionConflict,
  type StreamAppend,
  type StreamHistory,
} from './event-store.ts';
import type { IdGenerator } from './id-generator.ts';
import type { RequestContext } from './request-context.ts';

type Dependencies = Readonly<{ eventStore: EventStore; ids: IdGenerator }>;

/** The result of a command: its events and the state after them. */
export type Outcome<Event, State> = Readonly<{ events: readonly Event[]; state: State }>;

/** An outcome that is not stored yet, with the append that stores it. */
export type Decision<Event, State> = Outcome<Event, State> & Readonly<{ append: StreamAppend }>;

export type CommandHandler = ReturnType<typeof createCommandHandler>;

/** Limit on repeated conflicts; only a stream under constant contention reaches it. */
const MAX_ATTEMPTS = 100;

/** Loads a stream, decides and appends; the only way in which use cases write events. */
export const createCommandHandler = ({ eventStore, ids }: Dependencies) => {
  const decide = <Command extends TimedCommand, Event extends DomainEvent<string, object>, State>(
    { category, decider, snapshotVersion, attribute }: Aggregate<Command, Event, State>,
    id: string,
    history: StreamHistory<Event, State>,
    command: Command,
    { correlationId, causationId = correlationId, actor, jti }: RequestContext,
  ): Decision<Event, State> => {
    const before = fold(decider, history.snapshot ?? decider.initialState, history.events);
    const events = decider.decide(command, before);
    const state = fold(decider, before, events);
    const occurredAt = command.data.now;
    return {
      events,
      state,
      append: {
        stream: { category, id },
        expected: history.head,
        events: events.map((event) => ({
          eventId: ids.eventId(),
          event,
          metadata: {
            occurredAt,
            correlationId,
            causationId,
            actor: attribute?.(event) ?? actor,
            ...(jti !== undefined && { jti }),
          },
        })),
        snapshot: { version: snapshotVersion, state },
      },
    };
  };

  return {
    /**
     * Loads, decides and appends; after a conflict it reloads and decides again. `preloaded`
     * replaces the first read.
     * @throws DomainError as the decider; ApplicationError `concurrent_update`
     */
    execute: async <Command extends TimedCommand, Event extends DomainEvent<string, object>, State>(
      aggregate: Aggregate<Command, Event, State>,
      id: string,
      command: Command,
      context: RequestContext,
      preloaded?: StreamHistory<Event, State>,
    ): Promise<Outcome<Event, State>> => {
      const { category, snapshotVersion } = aggregate;
      let history = preloaded;
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        history ??= await eventStore.read<Event, State>({ category, id }, snapshotVersion);
        const { append, ...outcome } = decide(aggregate, id, history, command, context);
        if (outcome.events.length === 0) return outcome;
        try {
          await eventStore.append([append]);
          return outcome;
        } catch (error) {
          if (!(error instanceof RevisionConflict)) throw error;
          history = undefined;
        }
      }
      throw new ApplicationError('concurrent_update');
    },

    /** Returns the current state of an aggregate. */
    load: async <Command extends TimedCommand, Event extends DomainEvent<string, object>, State>(
      { category, decider, snapshotVersion }: Aggregate<Command, Event, State>,
      id: string,
    ): Promise<State> => {
      const { snapshot, events } = await eventStore.read<Event, State>(
        { category, id },
        snapshotVersion,
      );
      return fold(decider, snapshot ?? decider.initialState, events);
    },

    /** Loads and decides without an append, to append the events together with other streams'. */
    prepare: async <Command extends TimedCommand, Event extends DomainEvent<string, object>, State>(
      aggregate: Aggregate<Command, Event, State>,
      id: string,
      command: Command,
      context: RequestContext,
    ): Promise<Decision<Event, State>> => {
      const stream = { category: aggregate.category, id };
      const history = await eventStore.read<Event, State>(stream, aggregate.snapshotVersion);
      return decide(aggregate, id, history, command, context);
    },

    /** Decides the first events of a new stream, to append them together with other streams'. */
    begin: <Command extends TimedCommand, Event extends DomainEvent<string, object>, State>(
      aggregate: Aggregate<Command, Event, State>,
      id: string,
      command: Command,
      context: RequestContext,
    ): Decision<Event, State> => {
      const history = { head: noStream, snapshot: undefined, events: [] };
      return decide(aggregate, id, history, command, context);
    },

    append: (appends: readonly StreamAppend[]): Promise<void> => eventStore.append(appends),
  };
};
