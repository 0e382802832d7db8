/** A page of this portal to open after the sign-in; the first page for anything else, so that nobody is sent elsewhere. */
export function returnAddress(wanted: string | undefined): string {
  const isOurs = wanted?.startsWith('/') === true && !/^\/[/\\]/.test(wanted) && !wanted.startsWith('/sign-in');
  return isOurs ? wanted : '/';
}
