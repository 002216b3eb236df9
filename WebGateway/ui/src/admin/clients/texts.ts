/** Words of the list of connected clients. */
export const texts = {
  title: 'Clients',
  search: 'Search',
  searchHint: 'Client id, device, person or address',
  total: (found: number, shown: number): string =>
    shown < found ? `${found.toLocaleString('en')} connected; the newest ${shown} are shown.` : `${found.toLocaleString('en')} connected.`,
  noBroker: 'No node that answered has a broker: only browsers are listed.',
  all: 'Connections of all nodes.',
  silent: (names: readonly string[]): string => `Without the clients of ${names.join(', ')}: no answer from there.`,
  alone: 'Redis is away: only the clients of the node that answers this page are listed.',
  node: 'Node',
  empty: 'Nobody is connected.',
  client: 'Client',
  who: 'Who',
  from: 'From',
  since: 'Since',
  subscriptions: 'Subscriptions',
  queued: 'Waiting',
  end: 'Disconnect',
  endTitle: (who: string): string => `Disconnect ${who}?`,
  endDetail: 'The connection ends with "Administrative action". The client may come back: disable the device, or revoke the token, to keep it out.',
};
