import { adminPaths } from './admin-paths.ts';
import { adminStyle } from './admin-style.ts';
import { type Html, html, nothing, quoted } from './html.ts';

/** The signed-in administrator of a page, and `base`, its relative path to `/admin/`. */
export type Visit = Readonly<{
  base: string;
  /** The account's name; undefined while no administrator is signed in. */
  name: string | undefined;
}>;

type Page = Readonly<{ title: string; main: Html; narrow?: boolean }>;

const visitor = ({ base, name }: Visit): Html =>
  name === undefined
    ? nothing
    : html`<nav aria-label="Pages"><a href="${base}${adminPaths.audit}">Audit</a>
<a href="${base}${adminPaths.thefts}">Thefts</a></nav>
<form class="visitor" method="post" action="${base}${adminPaths.signOut}">
<span>${quoted(name)}</span> <button class="quiet">Sign out</button></form>`;

/** Renders an admin page that loads no other resource and runs no script. */
export const layOutAdminPage = (visit: Visit, { title, main, narrow = false }: Page): string =>
  html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark">
<title>${title} · Latchkey</title>
<link rel="icon" href="data:,">
<style>${{ markup: adminStyle }}</style></head>
<body${narrow ? html` class="narrow"` : nothing}>
<a class="skip" href="#main">Skip to the content</a>
<header><p class="brand">Latchkey</p>${visitor(visit)}</header>
<main id="main" tabindex="-1">
<h1>${title}</h1>
${main}
</main>
</body>
</html>
`.markup;
