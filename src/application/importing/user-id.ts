// Visible ASCII, as in an OpenID Connect subject (Core 1.0, 2), which it becomes. No "@": an id is
// part of a stream's name, and stays when a person is erased.
const ID = /^[!-?A-~]{1,128}$/;
// Actors of events that are not users.
const ACTOR = /^(system|anonymous|cli:.*)$/;
// Path segments that URLs resolve, and arguments that a command line reads as options.
const UNUSABLE = /^(\.{1,2}|-.*)$/;

/** Checks whether an account of another system can keep its id. */
export const isUserId = (id: string): boolean =>
  ID.test(id) && !ACTOR.test(id) && !UNUSABLE.test(id);
