const WALKING = [
  'every',
  'filter',
  'find',
  'findLast',
  'flatMap',
  'forEach',
  'map',
  'some',
] as const;

type Walk = (this: unknown[], callback: (...args: unknown[]) => unknown, self?: unknown) => unknown;

/**
 * Counts the reads of array elements by `work`, repeated ones included: a measure of how work grows
 * with its input that is the same on any machine. `work` must be synchronous.
 */
export const countSteps = (work: () => unknown): number => {
  const prototype = Array.prototype as unknown as Record<PropertyKey, Walk>;
  const changed = [...WALKING, Symbol.iterator] as const;
  const before = changed.map((name) => Object.getOwnPropertyDescriptor(prototype, name));
  let steps = 0;
  const replace = (name: PropertyKey, value: unknown) =>
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  for (const name of WALKING) {
    const original = prototype[name] as Walk;
    replace(name, function (this: unknown[], callback, self) {
      return original.call(this, (...args) => {
        steps += 1;
        return callback.apply(self, args);
      });
    } satisfies Walk);
  }
  replace(Symbol.iterator, function* (this: unknown[]) {
    for (let index = 0; index < this.length; index += 1) {
      steps += 1;
      yield this[index];
    }
  });
  try {
    work();
    return steps;
  } finally {
    changed.forEach((name, index) => {
      Object.defineProperty(prototype, name, before[index] ?? {});
    });
  }
};
