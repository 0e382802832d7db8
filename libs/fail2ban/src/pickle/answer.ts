import { AnswerNotUnderstood, Fail2banOffline, Fail2banRefused } from '../errors.ts';
import { PythonObject, type PythonValue } from './values.ts';

/**
 * Takes an answer apart: `(0, value)` is success, `(1, exception)` a refusal, a bare text `ERROR: ...` is what fail2ban
 * sends when it could not read the request or write the answer, and `['SHUTDOWN']` when it is about to go.
 * @param command what was asked, for the message
 * @throws {Fail2banRefused | Fail2banOffline | AnswerNotUnderstood}
 */
export function valueOfAnswer(answer: PythonValue, command: string): PythonValue {
  if (Array.isArray(answer)) {
    const [code, value] = answer;
    if (answer.length === 2 && value !== undefined) {
      if (code === 0) return value;
      if (code === 1) throw refusal(command, value);
    }
    if (answer.length === 1 && code === 'SHUTDOWN') {
      throw new Fail2banOffline('fail2ban is shutting down.', { sent: true });
    }
  }
  if (typeof answer === 'string' && answer.startsWith('ERROR: ')) {
    throw new Fail2banRefused(command, 'ServerError', answer.slice('ERROR: '.length));
  }
  throw new AnswerNotUnderstood(`The answer to "${command}" is neither a result nor an error.`);
}

function refusal(command: string, exception: PythonValue): Fail2banRefused {
  if (!(exception instanceof PythonObject)) return new Fail2banRefused(command, 'Exception', plainText(exception));
  return new Fail2banRefused(command, exception.className, (exception.args ?? []).map(plainText).join(', '));
}

/** Text of an exception's argument. Containers are not walked: they may be huge or hold themselves. */
function plainText(value: PythonValue): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') {
    return String(value);
  }
  return Array.isArray(value) ? '[…]' : '{…}';
}
