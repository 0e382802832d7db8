import { InstanceTransport, type TransportListener } from '../instance-transport.ts';

/** Instances in one process: what one sends, all get at once, itself too. */
export class LinkedTransport extends InstanceTransport {
  readonly isShared = true;
  readonly sent: string[] = [];
  private listener: TransportListener | undefined;
  private isCut = false;

  constructor(private readonly link: Set<LinkedTransport>) {
    super();
    link.add(this);
  }

  start(listener: TransportListener): void {
    this.listener = listener;
    listener.connected();
  }

  send(text: string): Promise<void> {
    if (this.isCut) return Promise.reject(new Error('cut'));
    this.sent.push(text);
    for (const transport of this.link) transport.deliver(text);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.link.delete(this);
    return Promise.resolve();
  }

  /** Lets a text arrive from anybody. */
  deliver(text: string): void {
    if (!this.isCut) this.listener?.received(text);
  }

  /** Cuts the connection until {@link mend}. */
  cut(): void {
    this.isCut = true;
    this.listener?.lost('cut');
  }

  mend(): void {
    this.isCut = false;
    this.listener?.connected();
  }
}
