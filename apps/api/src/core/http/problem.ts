import { HttpException } from '@nestjs/common';
import { AppError, type FieldProblem } from './app-error.ts';

/** RFC 9457, with our stable `code` and the id under which the log knows the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly requestId: string;
  readonly errors?: readonly FieldProblem[];
}

/** A problem and the headers it leaves with. */
export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> & Problem;
  /** True when the cause is a mistake of ours and belongs into the log. */
  readonly isBug: boolean;
}

/** The media type of every error. */
export const problemType = 'application/problem+json';

interface Said {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timed out',
  409: 'Conflict',
  413: 'Body too large',
  414: 'Address too long',
  415: 'Unsupported media type',
  422: 'Not acceptable as it is',
  429: 'Too many attempts',
  500: 'Internal error',
  502: 'Bad answer from fail2ban',
  503: 'Unavailable',
  504: 'No answer in time',
};

/** What the HTTP server itself refuses, by the code of its error. */
const serverErrors: Readonly<Record<string, Said>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'body-too-large',
    detail: 'The body of the request is larger than 1 MiB.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported-media-type',
    detail: 'Send the body as application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'invalid-json',
    detail: 'The body is empty although it is announced as JSON.',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'invalid-json', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'bad-request',
    detail: 'The body is not as long as announced.',
  },
  FST_ERR_BAD_URL: { status: 400, code: 'bad-url', detail: 'The address of the request is not well formed.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, code: 'bad-url', detail: 'A part of the address is too long.' },
};

/** What the framework throws by itself, by status. */
const frameworkErrors: Readonly<Record<number, Said>> = {
  400: { status: 400, code: 'bad-request', detail: 'The request cannot be understood.' },
  404: { status: 404, code: 'not-found', detail: 'There is nothing at this address, or not with this method.' },
  408: { status: 408, code: 'request-timeout', detail: 'The request took too long to arrive.' },
  413: { status: 413, code: 'body-too-large', detail: 'The body of the request is larger than 1 MiB.' },
  415: { status: 415, code: 'unsupported-media-type', detail: 'Send the body as application/json.' },
  503: { status: 503, code: 'unavailable', detail: 'BanGUI is about to stop. Try again in a moment.' },
};

const bug: Said = {
  status: 500,
  code: 'internal-error',
  detail: 'Something went wrong in BanGUI itself. The log has more under the request id.',
};

/** Translates anything that was thrown into the answer for it. What is not meant for the caller never leaves. */
export function problemFor(error: unknown, request: { readonly id: string; readonly path: string }): ProblemAnswer {
  const isOurs = error instanceof AppError;
  const said = isOurs ? { status: error.status, code: error.code, detail: error.message } : (saidOf(error) ?? bug);
  return {
    status: said.status,
    headers: (isOurs ? error.headers : undefined) ?? {},
    isBug: said === bug,
    body: {
      ...(isOurs ? error.extras : undefined),
      type: 'about:blank',
      title: titles[said.status] ?? 'Error',
      status: said.status,
      detail: said.detail,
      code: said.code,
      instance: request.path,
      requestId: request.id,
      ...(isOurs && error.errors && { errors: error.errors }),
    },
  };
}

function saidOf(error: unknown): Said | undefined {
  // The framework wraps what the HTTP server refused; the cause tells it more exactly.
  if (error instanceof HttpException) return saidOf(error.cause) ?? frameworkErrors[error.getStatus()];
  if (!(error instanceof Error)) return undefined;
  // Errors of the HTTP server carry `code` and `statusCode`; both are looked up, never passed on.
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && serverErrors[code]) return serverErrors[code];
  if (error instanceof SyntaxError && statusCode === 400) return serverErrors.FST_ERR_CTP_INVALID_JSON_BODY;
  return typeof statusCode === 'number' && statusCode < 500 ? frameworkErrors[statusCode] : undefined;
}
