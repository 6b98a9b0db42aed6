/** Entry of report.html: reads the report from its slot and draws the page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { tokensCss } from '../design/tokens.ts';
import { chooseLang, makeI18n } from '../i18n/index.ts';
import { parseReport, SLOT_ID } from '../lib/slot.ts';
import { App } from './App.tsx';
import '../design/base.css';
import '../design/frame.css';
import '../design/report.css';
import '../design/tables.css';
import '../design/narrow.css';
import '../design/print.css';

function start(): void {
  const tokens = document.createElement('style');
  tokens.textContent = tokensCss();
  document.head.append(tokens);
  const report = parseReport(document.getElementById(SLOT_ID)?.textContent);
  const lang = chooseLang(location.search, report?.language, navigator.languages);
  const root = document.getElementById('root');
  if (!root) throw new Error('the page has no root element');
  createRoot(root).render(
    <StrictMode>
      <App report={report} words={makeI18n(lang)} />
    </StrictMode>,
  );
}

start();
