import type { TheftReplay } from '../../../../../application/auditing/theft/theft-replay.ts';
import { readable } from '../parts/html.ts';
import type { PictureStory } from './family-layout.ts';

/** Selects what the picture shows of a replay. Actions are numbered as in their table. */
export const storyOf = ({
  timeline,
  theft,
  accessTokens,
  blastRadius,
}: TheftReplay): PictureStory => ({
  timeline,
  theft,
  tokens: accessTokens,
  actions: (blastRadius?.events ?? []).map(({ at, what }, index) => ({
    number: index + 1,
    at,
    sentence: readable(what),
  })),
});
