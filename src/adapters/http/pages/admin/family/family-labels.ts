import { revocationWords } from '../../../../../application/sessions/refresh-words.ts';
import type { RevocationReason } from '../../../../../domain/token-family/token-family-events.ts';
import { dayOf, timeOf } from '../parts/shown-values.ts';
import type { FamilyLayout } from './family-layout.ts';
import type { PlacedStop } from './family-scale.ts';

/** A line of text at `x`, its middle or start by `anchor`, and the baseline `y`. */
export type Label = Readonly<{
  x: number;
  y: number;
  text: string;
  anchor: 'start' | 'middle';
  kind: 'flag' | 'flag alarm' | 'tick' | 'caption';
}>;

/** The greatest average width of a character, in CSS pixels, in the fonts of the style sheet. */
const CHARACTER = { flag: 7.6, 'flag alarm': 7.6, tick: 7, caption: 8.6 } as const;

/** Estimates the width of a label in CSS pixels, rather too wide than too narrow. */
export const widthOf = ({ text, kind }: Pick<Label, 'text' | 'kind'>): number =>
  text.length * CHARACTER[kind];

/** Centres a label at `x`, or as near as the edges of the picture allow. */
const inside = (label: Omit<Label, 'anchor'>, width: number): Label => {
  const half = widthOf(label) / 2;
  const x = Math.min(Math.max(label.x, half + 4), width - half - 4);
  return { ...label, x, anchor: 'middle' };
};

/** The time below each event, and the day where it changes. */
const ticks = (stops: readonly PlacedStop[], y: number): readonly Label[] => {
  const moments = stops.filter(({ stop }) => stop.kind === 'moment');
  return moments.flatMap(({ stop: { at }, x }, index): readonly Label[] => {
    const before = moments[index - 1]?.stop.at;
    const time: Label = { x, y, text: timeOf(at), anchor: 'middle', kind: 'tick' };
    if (before !== undefined && dayOf(before) === dayOf(at)) return [time];
    const sameYear = before !== undefined && before.slice(0, 4) === at.slice(0, 4);
    const text = sameYear ? dayOf(at).slice(0, -5) : dayOf(at);
    return [time, { x, y: y + 15, text, anchor: 'middle', kind: 'tick' }];
  });
};

const caption = (text: string, y: number): Label => ({
  x: 16,
  y,
  text,
  anchor: 'start',
  kind: 'caption',
});

const flags = (
  { theft, lanes, session, width }: FamilyLayout,
  reason: RevocationReason | undefined,
): readonly Label[] => {
  const signedIn: Label = { ...caption('Signed in', lanes.holder - 26), kind: 'flag' };
  if (theft === undefined) {
    if (reason === undefined) return [signedIn];
    const text = `Ended: ${revocationWords[reason].short}`;
    return [
      signedIn,
      inside({ x: session.to, y: lanes.holder - 46, text, kind: 'flag alarm' }, width),
    ];
  }
  const found = 'Theft detected, session ended';
  return [
    signedIn,
    inside({ x: theft.splitAt, y: 50, text: 'Split', kind: 'flag' }, width),
    inside({ x: theft.foundAt, y: 24, text: found, kind: 'flag alarm' }, width),
  ];
};

/** All labels of the picture that stand outside the shapes. */
export const labelsOf = (
  layout: FamilyLayout,
  reason: RevocationReason | undefined,
): readonly Label[] => {
  const { lanes, stops, bars } = layout;
  return [
    ...flags(layout, reason),
    ...(lanes.presenter === undefined ? [] : [caption('Presenter', lanes.presenter + 4)]),
    ...ticks(stops, lanes.holder + 40),
    caption('Session', lanes.session - 10),
    ...(bars.length === 0 ? [] : [caption('Access tokens', lanes.tokens - 10)]),
    ...(lanes.actions === undefined
      ? []
      : [caption('Actions after the split', lanes.actions - 20)]),
  ];
};
