/** Words of the view that hands out access. */
export const texts = {
  title: 'Access',
  device: 'A new device',
  deviceDetail: 'Whatever reports positions: a vehicle, a phone. Its secret is shown once.',
  deviceId: 'Device id',
  deviceIdHint: '1 to 64 of a-z 0-9 . _ -',
  name: 'Name',
  nameHint: 'What people call it; may be left out',
  create: 'Add the device',
  created: (id: string): string => `${id} is added`,
  createdDetail: 'The secret is shown this once and cannot be read again.',
  secret: 'Secret',
  settings: 'Settings of the device agent',
  open: 'To its page',
  token: 'A token for a person',
  tokenDetail: 'Only admins issue tokens. A token cannot be taken back before it expires: give it no longer than it is needed.',
  role: 'Role',
  subject: 'For whom',
  subjectHint: 'A name; dispatchers, analysts and admins are told apart by it',
  tenant: 'Firm',
  tenantHint: 'Left out: your own',
  validity: 'Valid for',
  issue: 'Issue the token',
  issued: (role: string): string => `A token for ${role}s`,
  issuedDetail: (until: string): string => `It is shown this once and counts until ${until}.`,
  tokenField: 'Token',
};

export const roles = { dispatcher: 'Dispatcher', analyst: 'Analyst', admin: 'Admin' } as Readonly<Record<string, string>>;

export const validities = [
  { seconds: 3_600, word: 'an hour' }, { seconds: 28_800, word: '8 hours' }, { seconds: 86_400, word: 'a day' },
  { seconds: 604_800, word: 'a week' },
] as const;
