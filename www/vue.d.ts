/** `<cnn-playground>` in Vue's templates (3.5 or later): `import type {} from 'cnn-playground-embed/vue'`. */

import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { CnnPlaygroundAttributes, CnnPlaygroundElement, CnnPlaygroundEventMap } from './embed.js';

declare module 'vue' {
  interface GlobalComponents {
    'cnn-playground': new () => CnnPlaygroundElement & {
      $props: CnnPlaygroundAttributes & PublicProps & Omit<HTMLAttributes, keyof CnnPlaygroundAttributes>;
      $emit: EmitFn<{ [Name in keyof CnnPlaygroundEventMap]: (event: CnnPlaygroundEventMap[Name]) => void }>;
    };
  }
}
