const english = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** A number as the API's sentences write it, which are English: 1,234,567. */
export function grouped(value: number): string {
  return english.format(value);
}
