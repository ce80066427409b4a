/**
 * A page of a list. `last`: the item after which the next page begins; undefined on the last page.
 */
type Page<Item> = Readonly<{ items: readonly Item[]; last: Item | undefined }>;

/** Cuts a page of `limit` items from a list that was read with a limit of one more. */
export const cutPage = <Item>(found: readonly Item[], limit: number): Page<Item> => {
  const items = found.slice(0, limit);
  return { items, last: found.length > limit ? items.at(-1) : undefined };
};
