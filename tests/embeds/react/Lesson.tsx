import { useRef, useState } from 'react';
import type { CnnPlaygroundElement } from 'cnn-playground-embed';
import 'cnn-playground-embed';
import type {} from 'cnn-playground-embed/react';

export function Lesson() {
  const playground = useRef<CnnPlaygroundElement>(null);
  const [shuffled, setShuffled] = useState(false);
  const [accuracy, setAccuracy] = useState<number>();
  return (
    <>
      <label><input type="checkbox" checked={shuffled} onChange={() => setShuffled(!shuffled)} /> Shuffle the pixels</label>
      <button onClick={() => playground.current?.run()}>Train</button>
      <cnn-playground
        ref={playground}
        src="https://your.host/playground/"
        train={640} test={100} batch={16} epochs={1} permute={shuffled ? 'fixed' : 'off'}
        onfinished={({ detail: { run } }) => setAccuracy(run.test?.accuracy)}
      >
        <a href="https://your.host/playground/#v=1&train=640">A small network</a>
      </cnn-playground>
      <output>{accuracy}</output>
    </>
  );
}
