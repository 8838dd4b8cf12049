// What the types do not let pass.
import type {} from 'cnn-playground-embed/react';

export const wrong = [
  // @ts-expect-error No parameter of this name.
  <cnn-playground trian={640} />,
  // @ts-expect-error No figure of this name.
  <cnn-playground onfinished={({ detail: { run } }) => run.acuracy} />,
];
