import { type ReasonParams } from '../../core/reason.dto.ts';
import { type OfflineCode } from './offline-reason.ts';

/** The database of BanGUI. */
export class ServerDatabase {
  kind: 'sqlite' | 'postgres';
  /** Bytes; null when it cannot be known. */
  sizeBytes: number | null;
}

/** This API. */
export class ServerApi {
  version: string;
  /** Epoch milliseconds. */
  startedAt: number;
}

/** Who asks, as seen by the API. */
export class ServerRequester {
  /** Address through the trusted proxies. */
  address: string;
}

/** The fail2ban server and what BanGUI knows about its own place. */
export class ServerStatus {
  /** Today there is one server, `local`. */
  id: string;
  online: boolean;
  /** Epoch milliseconds since when it is online or offline. */
  since: number;
  /** Version of fail2ban; null until it has answered once. */
  version: string | null;
  /** Why it is offline and what to do, in words; null while online. */
  reason: string | null;
  /** The same as a stable code; null while online. */
  reasonCode: OfflineCode | null;
  /** What the words name, by which other languages can say them; null when nothing. */
  reasonParams: ReasonParams | null;
  socketPath: string;
  /** Epoch milliseconds at which the running fail2ban was started; null when it cannot be known. */
  startedAt: number | null;
  /** Number of jails the server has. */
  jails: number;
  /** Why this is a demonstration; null otherwise. */
  demo: string | null;
  api: ServerApi;
  database: ServerDatabase;
  requester: ServerRequester;
}
