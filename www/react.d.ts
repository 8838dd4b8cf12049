/** `<cnn-playground>` in React's JSX (19 or later): `import type {} from 'cnn-playground-embed/react'`. */

import type { HTMLAttributes, RefAttributes } from 'react';
import type { CnnPlaygroundAttributes, CnnPlaygroundElement, CnnPlaygroundListeners } from './embed.js';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'cnn-playground': CnnPlaygroundAttributes & CnnPlaygroundListeners & RefAttributes<CnnPlaygroundElement>
        & Omit<HTMLAttributes<CnnPlaygroundElement>, keyof CnnPlaygroundAttributes>;
    }
  }
}
