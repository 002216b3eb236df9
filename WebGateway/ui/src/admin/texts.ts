/** Words of the frame around the views. */
export const texts = {
  title: 'Dispatch',
  navigation: 'Views',
  history: 'History',
  signIn: 'Sign in',
  signInDetail: 'With the token of a dispatcher, an analyst or an admin.',
  token: 'Token',
  signOut: 'Sign out',
  denied: 'This token may not see the fleet, or is not valid any more.',
  loading: 'Loading',
  unknownView: 'There is no such view.',
};
