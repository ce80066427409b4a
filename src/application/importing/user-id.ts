// Visible ASCII, as in an OpenID Connect subject (Core 1.0, 2), which it becomes. No "@": an id is
// part of a stream's name, and stays when a person is erased.
const ID = /^[!-?A-~]{1,128}$/;
// Actors of events that no account caused.
const ACTOR = /^(system|anonymous|cli:.*)$/;
// Path segments that URLs resolve away, and what a command line takes for an option.
const UNSPEAKABLE = /^(\.{1,2}|-.*)$/;

/** Tells whether an account of another system can keep its id. */
export const isUserId = (id: string): boolean =>
  ID.test(id) && !ACTOR.test(id) && !UNSPEAKABLE.test(id);
