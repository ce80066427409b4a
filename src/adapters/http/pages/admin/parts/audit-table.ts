import { type Html, html, nothing } from './html.ts';

export type Row = Readonly<{
  cells: readonly (Html | string | number)[];
  id?: string;
  /** Highlights the row. */
  mark?: 'alarm' | 'holder' | 'presenter' | undefined;
}>;

type Table = Readonly<{ label: string; columns: readonly string[]; rows: readonly Row[] }>;

/**
 * Renders a table that becomes a list of cards on a narrow screen. The ARIA roles are explicit,
 * because the `display` property removes the implicit ones.
 */
export const auditTable = ({ label, columns, rows }: Table): Html =>
  html`<table role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${columns.map((column) => html`<th role="columnheader" scope="col">${column}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  ({ cells, id, mark }) =>
    html`<tr role="row"${id === undefined ? nothing : html` id="${id}"`}${mark === undefined ? nothing : html` class="${mark}"`}>${cells.map(
      (cell, index) =>
        html`<td role="cell" data-label="${columns[index] ?? ''}"><div>${cell}</div></td>`,
    )}</tr>`,
)}
</tbody></table>`;

/** Renders the link to the next page of a list; nothing on its last page. */
export const olderLink = (cursor: string | null): Html =>
  cursor === null
    ? nothing
    : html`<p class="older"><a href="?cursor=${encodeURIComponent(cursor)}" rel="next">Older entries</a></p>`;
