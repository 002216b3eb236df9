/**
 * What starts the device agent as a device, for a shell on the vehicle's computer.
 * @param host of this page: the broker is behind the same name.
 */
export const agentSettings = (host: string, deviceId: string, secret: string): string => [
  `export ARTMQTT_SECRET=${secret}`, `DeviceAgent run --device ${deviceId} --server any://${host} --spool /var/lib/artmqtt`,
].join('\n');
