import { expect, it } from 'vitest';
import { translationFaults } from './translation-faults.ts';

it('a translation is found faulty when a sentence is missing, unused or has lost a placeholder', () => {
  const faults = translationFaults({ a: 'One', b: 'Two {$x}', c: 'Three' }, { b: 'Zwei', c: 'Drei', d: 'Vier' });
  expect(faults.map((fault) => fault.split(':')[0])).toEqual(['missing', 'placeholders differ', 'unused']);
});
