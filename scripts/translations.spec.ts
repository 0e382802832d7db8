import { describe, expect, it } from 'vitest';
import { extractMessages, germanMessages, translationFaults } from './translations.ts';

describe('the German translation', () => {
  it('has every sentence of the portal, with its placeholders, and no other', { timeout: 120_000 }, () => {
    const source = extractMessages();
    expect(Object.keys(source).length).toBeGreaterThan(100);
    expect(translationFaults(source, germanMessages())).toEqual([]);
  });

  it('is found faulty when a sentence is missing, unused or has lost a placeholder', () => {
    const faults = translationFaults({ a: 'One', b: 'Two {$x}', c: 'Three' }, { b: 'Zwei', c: 'Drei', d: 'Vier' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['missing', 'placeholders differ', 'unused']);
  });
});
