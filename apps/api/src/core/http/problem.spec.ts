import { BadRequestException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { problemFor } from './problem.ts';

class Teapot extends AppError {
  readonly code = 'teapot';
  readonly status = 418;
}

const request = { id: 'r1', path: '/api/v1/x' };

describe('problemFor', () => {
  it('says what an error of ours says, with its extras, fields and headers', () => {
    const error = new Teapot('Short and stout.', {
      errors: [{ field: 'spout', message: 'is missing', code: 'missing' }],
      extras: { litres: 1, code: 'cannot be replaced' },
      headers: { 'Retry-After': '3' },
    });
    expect(problemFor(error, request)).toEqual({
      status: 418,
      isBug: false,
      headers: { 'Retry-After': '3' },
      body: {
        type: 'about:blank',
        title: 'Error',
        status: 418,
        detail: 'Short and stout.',
        code: 'teapot',
        instance: '/api/v1/x',
        requestId: 'r1',
        litres: 1,
        errors: [{ field: 'spout', message: 'is missing', code: 'missing' }],
      },
    });
  });

  it.each([
    [new Error('password=hunter2'), 500, 'internal-error'],
    ['a text', 500, 'internal-error'],
    [undefined, 500, 'internal-error'],
    [Object.assign(new Error('hunter2'), { statusCode: 500 }), 500, 'internal-error'],
    [new NotFoundException('hunter2'), 404, 'not-found'],
    [new BadRequestException('hunter2'), 400, 'bad-request'],
    [Object.assign(new Error('hunter2'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }), 413, 'body-too-large'],
  ])('never lets the text of %s out', (error, status, code) => {
    const answer = problemFor(error, request);
    expect(answer).toMatchObject({ status, isBug: status === 500, body: { code } });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
  });
});
