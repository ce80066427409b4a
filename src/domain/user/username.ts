import { DomainError } from '../domain-error.ts';

/** A case-folded NFKC username. It has no "@", so that it cannot be mistaken for an address. */
export type Username = string;

const SHAPE = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]{1,30})[\p{L}\p{M}\p{N}]$/u;

/** Folds case and Unicode form, so that different encodings of a name are the same text. */
export const foldUsername = (text: string): Username =>
  text.trim().normalize('NFKC').toLowerCase().normalize('NFKC');

/** Normalises a username. @throws DomainError `username_invalid` */
export const parseUsername = (text: string): Username => {
  const folded = foldUsername(text);
  if (!SHAPE.test(folded)) throw new DomainError('username_invalid');
  return folded;
};
