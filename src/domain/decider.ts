/** A fact, past tense, immutable. `type` is the stored name: renaming it is a schema change. */
export type DomainEvent<Type extends string, Data extends object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/** A request, imperative. It carries everything `decide` may not fetch: time, ids, hashes. */
export type DomainCommand<Type extends string, Data extends object> = Readonly<{
  type: Type;
  data: Readonly<Data>;
}>;

/**
 * An aggregate is three pure members: no I/O, no clock, no randomness, no promises.
 *
 * `decide` answers `[]` when the command is already true, throws `DomainError` when it is refused
 * and nothing happened, and returns events when it is refused but something did happen (a failed
 * sign-in, a replayed token): the use case stores those first and refuses afterwards.
 */
export type Decider<Command, Event, State> = Readonly<{
  initialState: State;
  decide: (command: Command, state: State) => readonly Event[];
  evolve: (state: State, event: Event) => State;
}>;

/** The state after `events`, starting from `state`. */
export const fold = <Event, State>(
  { evolve }: Pick<Decider<never, Event, State>, 'evolve'>,
  state: State,
  events: readonly Event[],
): State => events.reduce(evolve, state);
