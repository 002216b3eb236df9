import { createRoot } from 'react-dom/client';
import { App, takeLink } from './App';

const link = takeLink();
// A link that is opened while the page is: read it as a new page does.
addEventListener('hashchange', () => location.reload());
createRoot(document.getElementById('app')!).render(<App link={link} />);
