/** The same, asked for before they are wanted: so many are under way or wait while one is worked on. */
export async function* readAhead<Item>(
  items: AsyncIterable<Item>,
  ahead: number,
): AsyncIterable<Item> {
  const source = items[Symbol.asyncIterator]();
  // What one asks of a generator before it has answered waits for its turn.
  const asked: Promise<IteratorResult<Item>>[] = [];
  const ask = () => {
    const next = source.next();
    next.catch(() => undefined);
    asked.push(next);
  };
  for (let n = 0; n < ahead; n += 1) ask();
  try {
    for (;;) {
      const next = await asked.shift();
      if (next === undefined || next.done === true) return;
      ask();
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
