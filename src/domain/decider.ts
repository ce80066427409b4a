/**
 * An event: a fact in the past tense. `type` is the stored name: renaming it is a schema change.
 */
export type DomainEvent<Type extends string, Data extends object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/**
 * A command: a request in the imperative. Carries what `decide` may not fetch: time, ids, hashes.
 */
export type DomainCommand<Type extends string, Data extends object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/**
 * An aggregate as pure functions: no I/O, no clock, no randomness, no promises.
 *
 * `decide` returns `[]` when the command would change nothing. It throws `DomainError` when the
 * command is refused without a trace. It returns events when a refusal leaves a trace (a failed
 * sign-in, a stolen token): the use case stores them first and refuses afterwards.
 */
export type Decider<Command, Event, State> = Readonly<{
  initialState: State;
  decide: (command: Command, state: State) => readonly Event[];
  evolve: (state: State, event: Event) => State;
}>;

/** Applies `events` in order to `state` and returns the resulting state. */
export const fold = <Event, State>(
  { evolve }: Pick<Decider<never, Event, State>, 'evolve'>,
  state: State,
  events: readonly Event[],
): State => events.reduce(evolve, state);
