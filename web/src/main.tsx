// Starts the interface: styles, the colour scheme, the query cache, and the frame around the pages.
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/mantine.css';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app/App';
import { prefetchPage } from './app/pages';
import { queryClient } from './app/query-client';
import { cssVariables, theme } from './theme/mantine';

const colorSchemes = localStorageColorSchemeManager({ key: 'sightglass.scheme' });

/** Before anything is drawn, so that no page flashes in the other scheme. */
function applyColorScheme(): void {
  const chosen = colorSchemes.get('auto');
  const dark =
    chosen === 'auto'
      ? !window.matchMedia('(prefers-color-scheme: light)').matches
      : chosen === 'dark';
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light';
}

applyColorScheme();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
// The page's code is on its way before anything is drawn, so that it is drawn in one go.
await prefetchPage(window.location.pathname);
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
