import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { browserEnvironment } from './environment.ts';
import './styles/base.css';
import './styles/desk.css';
import './styles/case.css';
import './styles/picture.css';
import './styles/devices.css';
import './styles/notices.css';
import './styles/clips.css';

const environment = browserEnvironment();

createRoot(document.getElementById('root')!).render(<App environment={environment} />);
