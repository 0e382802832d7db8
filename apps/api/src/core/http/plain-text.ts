import { Matches } from 'class-validator';

/** One line of text from a person: no control characters, which no database or log should have to bear. */
export const IsPlainText = (): PropertyDecorator =>
  Matches(/^\P{Cc}*$/u, { message: 'must not hold control characters', context: { code: 'control-characters' } });
