/** `last`: where the next page begins; undefined when there is none. */
type Page<Item> = Readonly<{ items: readonly Item[]; last: Item | undefined }>;

/** A page of `limit` items, from what was read with a limit of one more. */
export const cutPage = <Item>(found: readonly Item[], limit: number): Page<Item> => {
  const items = found.slice(0, limit);
  return { items, last: found.length > limit ? items.at(-1) : undefined };
};
