import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { LeavingScreen } from './auth/Screens';
import { start } from './auth/start';
import { readNonce, shareNonce } from './nonce';
import { cssVariables, theme } from './theme';

const nonce = readNonce();
shareNonce(nonce);

const container = document.getElementById('root');
if (container === null) throw new Error('The page has no element to draw into.');

const started = start();
createRoot(container).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-left" />
      <Suspense fallback={<LeavingScreen />}>
        <App started={started} />
      </Suspense>
    </MantineProvider>
  </StrictMode>,
);
