/**
 * Yields the same items, but requests `ahead` of them in advance while the consumer works on one.
 */
export async function* readAhead<Item>(
  items: AsyncIterable<Item>,
  ahead: number,
): AsyncIterable<Item> {
  const source = items[Symbol.asyncIterator]();
  // An async generator queues calls of `next` that arrive before it has answered.
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
