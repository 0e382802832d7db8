import { type HttpInterceptorFn } from '@angular/common/http';

/** Marks changing requests as the portal's own. Another site cannot set this header, so it cannot act with our cookie. */
export const requestHeader: HttpInterceptorFn = (request, next) =>
  next(request.method === 'GET' ? request : request.clone({ setHeaders: { 'X-BanGUI-Request': '1' } }));
