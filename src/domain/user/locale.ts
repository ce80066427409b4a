import { DomainError } from '../domain-error.ts';

const LANGUAGE_TAG = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/; // RFC 5646, 2.1, the common part

/** Checks a language tag. @throws DomainError `locale_invalid` */
export const parseLocale = (text: string): string => {
  if (!LANGUAGE_TAG.test(text)) throw new DomainError('locale_invalid');
  return text;
};
