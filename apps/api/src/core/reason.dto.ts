/** What a sentence of the API is about, so that its `reasonCode` can be said in another language. */
export class ReasonParams {
  /** A file, folder or socket on BanGUI's machine; several are separated by `, `. */
  path?: string;
  /** Words of fail2ban or of the system as they came, a name or an error code; no language has others for them. */
  detail?: string;
}
