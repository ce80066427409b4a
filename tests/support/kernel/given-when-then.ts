import { expect } from 'vitest';
import { type Decider, fold } from '../../../src/domain/decider.ts';
import { deepFreeze } from './deep-freeze.ts';

/** `given(...past).when(command).then(...events)`: exactly these events in exactly this order. */
export const specificationFor =
  <Command, Event, State>(decider: Decider<Command, Event, State>) =>
  (...past: Event[]) => {
    // Frozen, so that a decider that writes to its input fails at once.
    const state = deepFreeze(fold(decider, decider.initialState, past));
    return {
      state,
      when: (command: Command) => {
        const decide = () => decider.decide(deepFreeze(command), state);
        return {
          // biome-ignore lint/suspicious/noThenProperty: never awaited; it reads "given, when, then"
          then: (...expected: Event[]) => expect(decide()).toStrictEqual(expected),
          thenNothingHappened: () => expect(decide()).toStrictEqual([]),
          thenRefused: (code: string) =>
            expect(decide).toThrow(expect.objectContaining({ name: 'DomainError', code })),
        };
      },
    };
  };
