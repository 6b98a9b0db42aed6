/** Entry of the dashboard. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { tokensCss } from '../design/tokens.ts';
import { App } from './App.tsx';
import { rememberedLang } from './language.ts';
import { makeWords } from './words.ts';
import '../design/base.css';
import '../design/frame.css';
import '../design/report.css';
import '../design/tables.css';
import '../design/narrow.css';
import './styles/app.css';
import './styles/parts.css';
import './styles/today.css';
import './styles/customers.css';
import './styles/customer.css';
import './styles/import.css';
import './styles/segments.css';
import './styles/segment-form.css';
import './styles/settings.css';
import './styles/door.css';

function start(): void {
  const tokens = document.createElement('style');
  tokens.textContent = tokensCss();
  document.head.append(tokens);
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root element');
  createRoot(root).render(
    <StrictMode>
      <App words={makeWords(rememberedLang())} />
    </StrictMode>,
  );
}

start();
