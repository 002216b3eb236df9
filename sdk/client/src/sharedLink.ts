import type { HubLink, HubLinkFactory, HubMessageName, TokenSource } from './hubLink.js';

type Handlers = Map<HubMessageName, ((payload: unknown) => void)[]>;

/**
 * Makes links that stand on one connection for each address and token, opened by the first of them and closed by the
 * last. Each watches one request, and gets the events of that one.
 */
export function shareLinks(createLink: HubLinkFactory, names: readonly HubMessageName[]): HubLinkFactory {
  const open: SharedConnection[] = [];
  return (url, token) => {
    let connection = open.find(c => c.url === url && c.token === token);
    if (!connection) {
      const made = new SharedConnection(url, token, createLink(url, token), names, () => void open.splice(open.indexOf(made), 1));
      open.push(made);
      connection = made;
    }
    return new SharedLink(connection);
  };
}

class SharedConnection {
  readonly links = new Set<SharedLink>();
  private started: Promise<void> | null = null;
  private isOver = false;

  constructor(
    readonly url: string, readonly token: TokenSource, private readonly link: HubLink, names: readonly HubMessageName[],
    private readonly forget: () => void,
  ) {
    link.onClosed(() => this.end());
    for (const name of names) {
      link.on(name, payload => {
        const requestId = (payload as { requestId?: unknown } | null)?.requestId;
        for (const shared of [...this.links]) {
          shared.take(name, requestId, payload);
        }
      });
    }
  }

  async start(): Promise<void> {
    this.started ??= this.link.start();
    try {
      await this.started;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  invoke<T>(method: string, args: readonly unknown[]): Promise<T> {
    return this.link.invoke<T>(method, ...args);
  }

  async leave(shared: SharedLink, requestId: string | null): Promise<void> {
    if (!this.links.delete(shared) || this.isOver) {
      return;
    }
    if (this.links.size > 0) {
      if (requestId !== null) {
        await this.link.invoke('leave:request', requestId);
      }
      return;
    }
    this.end();
    await this.link.stop();
  }

  private end(): void {
    if (!this.isOver) {
      this.isOver = true;
      this.forget();
      for (const shared of [...this.links]) {
        shared.end();
      }
    }
  }
}

class SharedLink implements HubLink {
  private readonly handlers: Handlers = new Map();
  private requestId: string | null = null;
  private closed: () => void = () => undefined;

  constructor(private readonly connection: SharedConnection) {
    connection.links.add(this);
  }

  start(): Promise<void> {
    return this.connection.start();
  }

  invoke<T>(method: string, ...args: unknown[]): Promise<T> {
    if (method === 'join:request') {
      this.requestId = String(args[0]);
    }
    return this.connection.invoke<T>(method, args);
  }

  on(name: HubMessageName, handler: (payload: unknown) => void): void {
    this.handlers.set(name, [...this.handlers.get(name) ?? [], handler]);
  }

  onClosed(handler: () => void): void {
    this.closed = handler;
  }

  stop(): Promise<void> {
    return this.connection.leave(this, this.requestId);
  }

  take(name: HubMessageName, requestId: unknown, payload: unknown): void {
    if (requestId === this.requestId) {
      this.handlers.get(name)?.forEach(handler => handler(payload));
    }
  }

  end(): void {
    this.closed();
  }
}
