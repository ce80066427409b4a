/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables and collects mistakes; a wrong value yields its default and one message. */
export const createReader = (environment: Environment) => {
  const mistakes: string[] = [];

  const text = (name: string): string | undefined => {
    const value = environment[name]?.trim();
    return value === '' ? undefined : value;
  };

  const parsed = <Value>(
    name: string,
    fallback: Value,
    parse: (value: string) => Value | undefined,
    expectation: string,
  ): Value => {
    const value = text(name);
    if (value === undefined) return fallback;
    const result = parse(value);
    // A message never quotes the value: it may be a secret in the wrong variable.
    if (result === undefined) mistakes.push(`${name} has to be ${expectation}.`);
    return result ?? fallback;
  };

  return {
    mistakes,
    text,
    parsed,
    integer: (name: string, fallback: number, min: number, max: number): number =>
      parsed(
        name,
        fallback,
        (value) => {
          const number = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
          return number >= min && number <= max ? number : undefined;
        },
        `a whole number from ${min} to ${max}`,
      ),
    choice: <const Choices extends readonly string[]>(
      name: string,
      fallback: Choices[number],
      choices: Choices,
    ): Choices[number] =>
      parsed(
        name,
        fallback,
        (value) => choices.find((choice) => choice === value),
        `one of ${choices.join(', ')}`,
      ),
  };
};

export type Reader = ReturnType<typeof createReader>;
