import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { Lesson } from './Lesson.tsx';

createRoot(document.querySelector('#lesson')).render(createElement(Lesson));
