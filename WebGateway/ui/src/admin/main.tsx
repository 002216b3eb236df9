import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import './parts/parts.css';

createRoot(document.getElementById('app')!).render(<StrictMode><App /></StrictMode>);
