/** Reads a colour token as the page has it now, for a canvas, which knows no `var(…)`. */
export function tokenColour(token: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}

/** `var(--cat-3)` as a colour of the current theme; anything else as it is. */
export function paintColour(paint: string): string {
  const token = /^var\((--[a-z0-9-]+)\)$/.exec(paint)?.[1];
  return token === undefined ? paint : tokenColour(token);
}
