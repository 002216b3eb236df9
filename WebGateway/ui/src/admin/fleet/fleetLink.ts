import { HttpTransportType, HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack';
import type { RequestStatus } from '@artmqtt/client';
import { readFrame, type Frame } from './frame';

export type FleetConnection = 'connecting' | 'live' | 'catching-up' | 'denied';

/** A part of the world, degrees; west is greater than east over the date line. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** What belongs to the key of a vehicle. */
export interface VehicleInfo {
  readonly key: number;
  readonly deviceId: string;
  readonly requestId: string | null;
  readonly status: RequestStatus | null;
}

const retryMs = [500, 1_000, 2_000, 5_000];
const mostKeys = 1_000;

/** The fleet as the server shows it: what moves in a box, once a second. Comes back by itself, and begins anew then. */
export class FleetLink {
  private readonly connection: HubConnection;
  private box: Box | null = null;
  private isOver = false;

  constructor(
    private readonly token: string, private readonly onFrame: (frame: Frame) => void,
    private readonly onConnection: (connection: FleetConnection) => void,
  ) {
    this.connection = new HubConnectionBuilder()
      .withUrl('/hubs/tracking', {
        transport: HttpTransportType.WebSockets, skipNegotiation: true, accessTokenFactory: () => token, timeout: 10_000,
      })
      .withHubProtocol(new MessagePackHubProtocol())
      .withServerTimeout(20_000)
      .withKeepAliveInterval(10_000)
      .configureLogging(LogLevel.None)
      .build();
    this.connection.on('fleet:moved', (bytes: Uint8Array) => this.onFrame(readFrame(bytes)));
    this.connection.onclose(() => void this.open(0));
  }

  start(): void {
    void this.open(0);
  }

  /** Looks at a part of the world; the next frame holds all of it. */
  look(box: Box): void {
    this.box = box;
    if (this.connection.state === HubConnectionState.Connected) {
      void this.watch().catch(() => undefined);
    }
  }

  /** What belongs to keys; nothing while there is no connection. */
  async describe(keys: readonly number[]): Promise<readonly VehicleInfo[]> {
    return this.connection.state === HubConnectionState.Connected && keys.length > 0
      ? await this.connection.invoke<readonly VehicleInfo[]>('fleet:describe', keys.slice(0, mostKeys)).catch(() => [])
      : [];
  }

  close(): void {
    this.isOver = true;
    void this.connection.stop();
  }

  private async open(attempt: number): Promise<void> {
    if (this.isOver) {
      return;
    }
    this.onConnection(attempt === 0 ? 'connecting' : 'catching-up');
    try {
      await this.connection.start();
      await this.watch();
      this.onConnection('live');
    } catch (error) {
      if ((error instanceof Error && error.message.includes('dispatcher_only')) || await this.isRefused()) {
        this.isOver = true;
        this.onConnection('denied');
        void this.connection.stop();
        return;
      }
      setTimeout(() => void this.open(attempt + 1), retryMs[Math.min(attempt, retryMs.length - 1)]);
    }
  }

  // A browser does not tell why a WebSocket was refused; HTTP does.
  private async isRefused(): Promise<boolean> {
    try {
      const response = await fetch('/api/requests?limit=1', { headers: { authorization: `Bearer ${this.token}` }, cache: 'no-store' });
      await response.body?.cancel();
      return response.status === 401 || response.status === 403;
    } catch {
      return false; // no network: it will be tried again
    }
  }

  private async watch(): Promise<void> {
    if (this.box) {
      const { west, south, east, north } = this.box;
      await this.connection.invoke('fleet:watch', west, south, east, north);
    }
  }
}
