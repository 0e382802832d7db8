/** Whether fail2ban answers. Exactly these members: container health checks and dashboards rely on them. */
export class Health {
  status: 'ok' | 'unavailable';
  fail2ban: 'online' | 'offline';
}

/** The process is alive. */
export class Liveness {
  status: 'ok';
}

/** State of the database. */
export class DatabaseReadiness {
  status: 'ok' | 'unavailable';
  /** Null when there was no answer. */
  latencyMs: number | null;
}

/** State of fail2ban. */
export class Fail2banReadiness {
  status: 'online' | 'offline';
  /** Null when there was no answer, or when a command of ours is being worked on. */
  latencyMs: number | null;
}

/** State of the scheduler's lock. */
export class SchedulerReadiness {
  /** `unavailable` when this instance must have the lock and has not. */
  status: 'holding' | 'standby' | 'off' | 'unavailable';
  /** Of the last heartbeat; null when this instance does not hold the lock, or the last heartbeat failed. */
  latencyMs: number | null;
}

/** Whether requests may be sent here, and what each part needs to answer. */
export class Readiness {
  /** `stopping` from the moment BanGUI was asked to stop. */
  status: 'ok' | 'unavailable' | 'stopping';
  database: DatabaseReadiness;
  fail2ban: Fail2banReadiness;
  scheduler: SchedulerReadiness;
}
