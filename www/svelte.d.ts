/** `<cnn-playground>` in Svelte's markup (5 or later): `import type {} from 'cnn-playground-embed/svelte'`. */

import type { HTMLAttributes } from 'svelte/elements';
import type { CnnPlaygroundAttributes, CnnPlaygroundElement, CnnPlaygroundListeners } from './embed.js';

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'cnn-playground': CnnPlaygroundAttributes & CnnPlaygroundListeners
      & Omit<HTMLAttributes<CnnPlaygroundElement>, keyof CnnPlaygroundAttributes | keyof CnnPlaygroundListeners>;
  }
}
