import { DomainError } from '../domain-error.ts';

/** Case-folded and NFKC. Never holds an "@", so that it cannot be mistaken for an address. */
export type Username = string;

const SHAPE = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._-]{1,30})[\p{L}\p{M}\p{N}]$/u;

/** Case and Unicode form taken away, so that lookalikes by encoding are one name. */
export const foldUsername = (text: string): Username =>
  text.trim().normalize('NFKC').toLowerCase().normalize('NFKC');

/** @throws DomainError `username_invalid` */
export const parseUsername = (text: string): Username => {
  const folded = foldUsername(text);
  if (!SHAPE.test(folded)) throw new DomainError('username_invalid');
  return folded;
};
