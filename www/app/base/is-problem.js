// Telling what the core refused from what went wrong in the page: here, and in the workers.

/** @import { Problem } from '../core.d.ts' */

/** Whether something thrown is a problem of the core's. @param {unknown} thrown @returns {thrown is Problem} */
export const isProblem = (thrown) => typeof thrown === 'object' && thrown !== null && 'code' in thrown && 'params' in thrown;
