import { HttpTransportType, HubConnectionBuilder, type IHubProtocol, JsonHubProtocol, LogLevel } from '@microsoft/signalr';
import type { LiveEventName } from './events.js';

/** What the hub sends when a shared link ends; nothing follows. */
export const shareEnded = 'share:ended';

/** What the hub sends. */
export type HubMessageName = LiveEventName | typeof shareEnded;

/** One connection to the hub, used once: started, joined, closed. */
export interface HubLink {
  start(): Promise<void>;
  invoke<T>(method: string, ...args: unknown[]): Promise<T>;
  on(name: HubMessageName, handler: (payload: unknown) => void): void;
  onClosed(handler: () => void): void;
  stop(): Promise<void>;
}

/** The access token, or what fetches a fresh one; asked on every connect. */
export type TokenSource = string | (() => string | Promise<string>);

export type HubLinkFactory = (url: string, token: TokenSource) => HubLink;

/**
 * SignalR over a WebSocket and nothing else: no negotiation, so any node serves any client.
 * SignalR's own log stays off, because it prints addresses with the token in them.
 */
export const signalRLink: HubLinkFactory = (url, token) => connect(url, token, new JsonHubProtocol());

/** The same in another form on the wire: `new MessagePackHubProtocol()` is about half as long as JSON. */
export const signalRLinkOf = (protocol: IHubProtocol): HubLinkFactory => (url, token) => connect(url, token, protocol);

function connect(url: string, token: TokenSource, protocol: IHubProtocol): HubLink {
  const connection = new HubConnectionBuilder()
    .withUrl(url, {
      transport: HttpTransportType.WebSockets,
      skipNegotiation: true,
      accessTokenFactory: typeof token === 'string' ? () => token : token,
      timeout: 10_000,
    })
    .withHubProtocol(protocol)
    .configureLogging(LogLevel.None)
    .withServerTimeout(20_000)
    .withKeepAliveInterval(10_000)
    .build();

  return {
    start: () => connection.start(),
    invoke: (method, ...args) => connection.invoke(method, ...args),
    on: (name, handler) => connection.on(name, handler),
    onClosed: handler => connection.onclose(handler),
    stop: () => connection.stop(),
  };
}
