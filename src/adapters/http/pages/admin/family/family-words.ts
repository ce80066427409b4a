import { familyEventNames } from '../../../../../application/sessions/refresh-words.ts';
import type { TokenFamilyEvent } from '../../../../../domain/token-family/token-family-events.ts';
import { wordsOf } from '../parts/shown-values.ts';
import type { Moment } from './family-stops.ts';

const isFamilyEvent = (type: string): type is TokenFamilyEvent['type'] =>
  Object.hasOwn(familyEventNames, type);

/** Names an event type in a few words. */
export const eventName = (type: string): string =>
  isFamilyEvent(type) ? familyEventNames[type] : wordsOf(type);

/** Names an event of a session, and the generation it is about. */
export const momentWords = ({ type, generation }: Pick<Moment, 'type' | 'generation'>): string =>
  generation === null ? eventName(type) : `${eventName(type)}: generation ${generation}`;
